// ESC/POS commands that carry no ticket: initialisation, status requests, confirmations, recovery. Ticket text and codes are
// in ticket-bytes.ts; what comes back is read by codec.ts.

const bytesOf = (...values: number[]): Uint8Array => Uint8Array.from(values);

/**
 * ESC @ (1B 40), GS a 0E (1D 61 0E), FS & (1C 26): modes to their defaults, automatic status on, Chinese on. ESC @ may switch
 * the automatic status off, so the two are never sent apart. Printers for other markets start with Chinese off.
 */
export const initialise = bytesOf(0x1b, 0x40, 0x1d, 0x61, 0x0e, 0x1c, 0x26);

export const statusKinds = [1, 2, 3, 4] as const;
/** 1 printer, 2 offline cause, 3 error cause, 4 paper. */
export type StatusKind = (typeof statusKinds)[number];

/** DLE EOT n: answered at once with one byte, even when the printer is offline or its buffer is full. */
export const statusRequest = (kind: StatusKind): Uint8Array => bytesOf(0x10, 0x04, kind);

/** DLE EOT 14h of printers with a presenter (Custom KPM150 family): answered with 10 0F and four bytes. */
export const presenterRequest = bytesOf(0x10, 0x04, 0x14);

/** GS ( H fn 48: the printer repeats the four digits when everything before them has been printed. */
export const processIdRequest = (processId: string): Uint8Array =>
  Uint8Array.from([0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, ...Buffer.from(processId, 'latin1')]);

/** GS r 1: queued like text; its one-byte answer means that everything before it has been worked off. */
export const fenceRequest = bytesOf(0x1d, 0x72, 0x01);

export const infoRequests = {
  model: bytesOf(0x1d, 0x49, 0x43),
  firmware: bytesOf(0x1d, 0x49, 0x41),
  serialNumber: bytesOf(0x1d, 0x49, 0x44),
} as const;
/** GS I n, n = 67, 65, 68: answered with 5F, text, 00. */
export type InfoKind = keyof typeof infoRequests;

/** DLE ENQ 1: go on from the line at which the cutter stopped. */
export const resumeAfterError = bytesOf(0x10, 0x05, 0x01);
/** DLE ENQ 2: throw away what is buffered and recover from the cutter error. */
export const discardAfterError = bytesOf(0x10, 0x05, 0x02);

/** DLE DC4 fn 8: throw away receive and print buffer; answered with 37 25 00. */
export const clearBuffers = bytesOf(0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08);

/**
 * How a ticket is cut off. `feed…` moves the paper to the cutter first (GS V 66, GS V 65); `partial` leaves one point; `escI` is the
 * cut of printers without GS V (Custom, Pyramid); `none` feeds past the tear bar.
 */
export const cutters = {
  feedPartial: bytesOf(0x1d, 0x56, 0x42, 0x00),
  feedFull: bytesOf(0x1d, 0x56, 0x41, 0x00),
  partial: bytesOf(0x1d, 0x56, 0x01),
  full: bytesOf(0x1d, 0x56, 0x00),
  escI: bytesOf(0x1b, 0x69),
  none: bytesOf(0x1b, 0x64, 0x05),
} as const;
export type Cutter = keyof typeof cutters;

/**
 * How marked paper is moved to the place where it is cut: `gsF8` aligns the cutter with the mark (manuals of Custom KPM150, KPM216,
 * VKP80II), `ff` feeds to the next mark (manual of the JPM112).
 */
export const blackMarks = {
  none: bytesOf(),
  gsF8: bytesOf(0x1d, 0xf8),
  ff: bytesOf(0x0c),
} as const;
export type BlackMark = keyof typeof blackMarks;

export type PaperEnd = { cutter?: Cutter; blackMark?: BlackMark };

/** What stands at the end of every ticket. */
export const endOfTicket = ({ cutter = 'feedPartial', blackMark = 'none' }: PaperEnd): Uint8Array =>
  Uint8Array.from([...blackMarks[blackMark], ...cutters[cutter]]);

/** GS e 2: the presenter takes a ticket back that nobody took (manuals of KPM210/216 and Pyramid Reliance). */
export const retractTicket = bytesOf(0x1d, 0x65, 0x02);

/**
 * Where bytes would be taken for a real-time command (DLE EOT, DLE ENQ, DLE DC4), or −1. Printers look for these before they
 * know whether they are inside data, so a ticket must not contain them anywhere.
 */
export const realTimeCommandAt = (bytes: Uint8Array): number =>
  bytes.findIndex((byte, index) => {
    const next = bytes[index + 1];
    return byte === 0x10 && (next === 0x04 || next === 0x05 || next === 0x14);
  });
