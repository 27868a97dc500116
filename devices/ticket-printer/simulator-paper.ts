// The simulated printer's print unit: takes the bytes that stand in the receive buffer one command at a time and puts them on
// paper. Written from the manuals' command tables, on its own: it shares no code with the driver's encoder.
//
//   receive buffer ─▶ takeCommand ─▶ execute ─▶ line buffer ─▶ lines on the strip ─cut─▶ ticket

/** A picture on the paper, for people and tests: braille patterns, each 2 dots wide and 4 high. */
export type PrintedImage = { widthDots: number; heightDots: number; picture: string[] };

/** `images` stand in `lines` as [image 1], [image 2]… `atMark`: the cutter was aligned with a black mark. */
export type PrintedTicket = {
  lines: string[];
  qr: string[];
  barcodes: string[];
  images: PrintedImage[];
  atMark: boolean;
  cut: boolean;
};

/** What a command does beyond marks on paper; the simulator answers, times and switches. */
export type Outcome =
  | { type: 'nothing' }
  /** So many lines of paper were moved. */
  | { type: 'moved'; lines: number }
  | { type: 'cut' }
  /** GS e: 2 takes the ticket in the outlet back. */
  | { type: 'ejector'; act: number }
  | { type: 'initialised' }
  | { type: 'autoStatus'; mask: number }
  | { type: 'processId'; id: string }
  | { type: 'fence' }
  | { type: 'info'; kind: number };

type Cell = { text: string; columns: number };

export type PrintUnit = {
  /** Takes one whole command off the front of `buffer` and carries it out; undefined: it is not complete yet. */
  step(buffer: number[]): Outcome | undefined;
  /** What hangs out of the printer and is not cut off. */
  strip(): PrintedTicket;
  /** The strip as a ticket of its own; a new one begins. */
  tear(isCut: boolean): PrintedTicket;
  reset(): void;
  setBlank(isBlank: boolean): void;
};

const gb = new TextDecoder('gb18030');
const dotsPerColumn = 12;

const emptyTicket = (): PrintedTicket => ({ lines: [], qr: [], barcodes: [], images: [], atMark: false, cut: false });

// Bits of a braille pattern (Unicode 2800–28FF), top to bottom, left column first.
const brailleBits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** Rows of booleans → lines of braille. */
const brailleOf = (rows: readonly boolean[][]): string[] => {
  const lines: string[] = [];
  for (let top = 0; top < rows.length; top += 4) {
    let line = '';
    for (let left = 0; left < (rows[0]?.length ?? 0); left += 2) {
      let bits = 0;
      brailleBits.forEach((pair, down) =>
        pair.forEach((bit, right) => {
          if (rows[top + down]?.[left + right] === true) bits |= bit;
        }),
      );
      line += String.fromCodePoint(0x2800 + bits);
    }
    lines.push(line);
  }
  return lines;
};

export const createPrintUnit = (paperColumns: number, isChineseAtStart: boolean): PrintUnit => {
  let ticket = emptyTicket();
  let line: Cell[] = [];
  let align = 0;
  let scale = 1;
  let isChinese = isChineseAtStart;
  let storedQr = '';
  let isBlank = false;
  /** Dots of the picture that is being printed: bands that follow each other are one picture. */
  let bands: boolean[][] = [];

  const resetModes = (): void => {
    line = [];
    align = 0;
    scale = 1;
    isChinese = isChineseAtStart;
    storedQr = '';
  };

  const printLine = (): void => {
    const used = line.reduce((sum, cell) => sum + cell.columns, 0);
    const free = Math.max(0, paperColumns - used);
    const indent = align === 0 ? 0 : align === 1 ? Math.floor(free / 2) : free;
    const text = ' '.repeat(indent) + line.map((cell) => cell.text).join('');
    ticket.lines.push(isBlank ? '' : text.trimEnd());
    line = [];
  };

  /** A character that no longer fits goes to the next line, as the print head does it. */
  const put = (text: string, columns: number): Outcome => {
    const used = line.reduce((sum, cell) => sum + cell.columns, 0);
    const wide = columns * scale;
    const isFull = used + wide > paperColumns;
    if (isFull) printLine();
    line.push({ text, columns: wide });
    return isFull ? { type: 'moved', lines: scale } : { type: 'nothing' };
  };

  // GS v 0: what is wider than the paper is lost.
  const raster = (rowBytes: number, data: readonly number[]): Outcome => {
    const isContinued = bands.length > 0;
    for (let at = 0; at < data.length; at += rowBytes) {
      const row = data
        .slice(at, at + rowBytes)
        .flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => ((byte >> bit) & 1) === 1));
      bands.push(row.slice(0, paperColumns * dotsPerColumn));
    }
    if (isBlank) return { type: 'moved', lines: 1 };
    const image = { widthDots: bands[0]?.length ?? 0, heightDots: bands.length, picture: brailleOf(bands) };
    if (isContinued) ticket.images.pop();
    else ticket.lines.push(`[image ${ticket.images.length + 1}]`);
    ticket.images.push(image);
    return { type: 'moved', lines: 1 };
  };

  const feed = (lines: number): Outcome => {
    for (let index = 0; index < lines; index++) printLine();
    return { type: 'moved', lines };
  };

  const nothing: Outcome = { type: 'nothing' };

  // GS ( X pL pH …: 5 + p bytes.
  const parenthesis = (name: number, data: readonly number[]): Outcome => {
    const [cn = 0, fn = 0] = data;
    if (name === 0x6b && cn === 0x31 && fn === 0x50) storedQr = Buffer.from(data.slice(3)).toString('utf8');
    if (name === 0x6b && cn === 0x31 && fn === 0x51 && storedQr !== '') {
      if (!isBlank) ticket.qr.push(storedQr);
      return { type: 'moved', lines: 6 };
    }
    if (name === 0x48 && cn === 0x30 && data.length === 6)
      return { type: 'processId', id: Buffer.from(data.slice(2)).toString('latin1') };
    return nothing;
  };

  const afterEsc = (buffer: readonly number[]): [number, () => Outcome] | undefined => {
    const [, name, value = 0] = buffer;
    if (name === 0x40) {
      resetModes();
      return [2, () => ({ type: 'initialised' })];
    }
    if (name === 0x69 || name === 0x6d) return [2, () => ({ type: 'cut' })];
    if (buffer.length < 3) return undefined;
    if (name === 0x61) align = line.length === 0 ? value % 0x30 : align;
    if (name === 0x64) {
      return [
        3,
        () => {
          const first = line.length > 0 ? 1 : 0;
          return feed(Math.max(first, value));
        },
      ];
    }
    return [3, () => nothing];
  };

  const toMark = (): Outcome => {
    ticket.atMark = true;
    return { type: 'moved', lines: 2 };
  };

  const afterGs = (buffer: readonly number[]): [number, () => Outcome] | undefined => {
    const [, name, value = 0, fourth = 0, fifth = 0, xHigh = 0, yLow = 0, yHigh = 0] = buffer;
    if (name === 0xf8) return [2, toMark];
    if (buffer.length < 3) return undefined;
    if (name === 0x76) {
      const rowBytes = fifth + 256 * xHigh;
      const length = 8 + rowBytes * (yLow + 256 * yHigh);
      return buffer.length < 8 || buffer.length < length
        ? undefined
        : [length, () => raster(rowBytes, buffer.slice(8, length))];
    }
    if (name === 0x65) {
      const length = value === 3 ? 4 : value === 32 ? 5 : 3;
      return buffer.length < length ? undefined : [length, () => ({ type: 'ejector', act: value })];
    }
    if (name === 0x28) {
      const length = 5 + fourth + 256 * fifth;
      if (buffer.length < 5 || buffer.length < length) return undefined;
      return [length, () => parenthesis(value, buffer.slice(5, length))];
    }
    if (name === 0x56) {
      const length = value === 0x41 || value === 0x42 ? 4 : 3;
      return buffer.length < length ? undefined : [length, () => ({ type: 'cut' })];
    }
    if (name === 0x6b) {
      const length = 4 + fourth;
      if (buffer.length < 4 || buffer.length < length) return undefined;
      return [
        length,
        () => {
          // {B selects code set B; a doubled brace is one brace.
          const content = Buffer.from(buffer.slice(4, length)).toString('latin1');
          if (!isBlank) ticket.barcodes.push(content.replace(/^\{[ABC]/, '').replaceAll('{{', '{'));
          return { type: 'moved', lines: 3 };
        },
      ];
    }
    if (name === 0x21) return [3, () => ((scale = (value & 0x07) + 1), nothing)];
    if (name === 0x61) return [3, () => ({ type: 'autoStatus', mask: value })];
    if (name === 0x72) return [3, () => ({ type: 'fence' })];
    if (name === 0x49) return [3, () => ({ type: 'info', kind: value })];
    return [3, () => nothing];
  };

  const afterFs = (buffer: readonly number[]): [number, () => Outcome] | undefined => {
    const [, name] = buffer;
    if (buffer.length < 2) return undefined;
    if (name === 0x26 || name === 0x2e) return [2, () => ((isChinese = name === 0x26), nothing)];
    return buffer.length < 3 ? undefined : [3, () => nothing];
  };

  // Carried out on arrival; in the queue they only take their place.
  const afterDle = (buffer: readonly number[]): [number, () => Outcome] | undefined => {
    const [, name, value] = buffer;
    const length = name === 0x14 ? (value === 0x08 ? 10 : 5) : 3;
    return buffer.length < length ? undefined : [length, () => nothing];
  };

  const character = (buffer: readonly number[]): [number, () => Outcome] | undefined => {
    const [first = 0, second] = buffer;
    if (first < 0x20) return [1, () => nothing];
    if (first < 0x80) return [1, () => put(String.fromCharCode(first), 1)];
    // With Chinese off a high byte is one character of a Western code page.
    if (!isChinese) return [1, () => put(String.fromCharCode(first), 1)];
    if (second === undefined) return undefined;
    // A four-byte code is read as two pairs, neither of which has a picture.
    const text = second < 0x40 ? '?' : gb.decode(Uint8Array.of(first, second));
    return [2, () => put(text, 2)];
  };

  const readCommand = (buffer: readonly number[]): [number, () => Outcome] | undefined => {
    const [first] = buffer;
    if (first === undefined) return undefined;
    if (first === 0x0c) return [1, toMark];
    if (first === 0x0a) return [1, () => (printLine(), { type: 'moved', lines: scale })];
    const isPrefix = first === 0x1b || first === 0x1c || first === 0x1d || first === 0x10;
    if (!isPrefix) return character(buffer);
    if (buffer.length < 2) return undefined;
    if (first === 0x1b) return afterEsc(buffer);
    if (first === 0x1c) return afterFs(buffer);
    if (first === 0x1d) return afterGs(buffer);
    return afterDle(buffer);
  };

  return {
    step(buffer) {
      const command = readCommand(buffer);
      if (!command) return undefined;
      const [length, execute] = command;
      if (buffer[0] !== 0x1d || buffer[1] !== 0x76) bands = [];
      const outcome = execute();
      buffer.splice(0, length);
      return outcome;
    },
    strip: () => ticket,
    tear(isCut) {
      const torn = { ...ticket, cut: isCut };
      ticket = emptyTicket();
      return torn;
    },
    reset: resetModes,
    setBlank(next) {
      isBlank = next;
    },
  };
};
