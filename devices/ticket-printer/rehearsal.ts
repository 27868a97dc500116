// The printer for the campaigns in test/faults: one with everything, one without GS ( H, one with a presenter. Sample frames are put
// together from the manuals' tables, not by this folder's codec.

import type { Rehearsal, RehearsedCommand, SampleFrame } from '../kit/rehearsal.ts';
import type { Simulator, SimulatorFactory } from '../kit/simulator.ts';
import type { DotImage, PrinterReply, TicketDocument } from './api.ts';
import { createPrinterDecoder, type PrinterFrame } from './codec.ts';
import type { PrintedTicket } from './simulator-paper.ts';
import { createTicketPrinterSimulator } from './simulator.ts';

const code = 'https://a.cn/q/A0042';
const lines = ['政务服务大厅', 'A0042', '请到3号窗口'];
const ticket: TicketDocument = {
  blocks: [
    { type: 'text', text: '政务服务大厅', align: 'center', bold: true },
    { type: 'text', text: 'A0042', size: 3, align: 'center' },
    { type: 'text', text: '请到3号窗口', align: 'center' },
    { type: 'feed', lines: 3 },
    { type: 'qr', data: code },
  ],
};

/** 24 × 24 dots, all black: as an image, and as the picture of a character that no printer has. */
const block: DotImage = { widthDots: 24, heightDots: 24, dots: new Uint8Array(72).fill(0xff) };
const ticketWithPictures: TicketDocument = {
  blocks: [...ticket.blocks, { type: 'text', text: '㐀㐀' }, { type: 'image', image: block }],
  rasterGlyphs: { 㐀: block },
};
const pictures = [2, 1].map((blocks) => ({
  widthDots: 24 * blocks,
  heightDots: 24,
  picture: Array.from({ length: 6 }, () => '⣿'.repeat(12 * blocks)),
}));

/** The printer that stands there now: a reply that says `printed` is held against its paper. */
let standing: Simulator | undefined;

const wholeTickets = (look: Record<string, unknown>): PrintedTicket[] =>
  (Array.isArray(look.tickets) ? (look.tickets as PrintedTicket[]) : []).filter(
    ({ qr, cut }) => cut && qr.includes(code),
  );

const isPrinted = (images: readonly unknown[]): boolean =>
  wholeTickets(standing?.look() ?? {}).some(
    (paper) =>
      lines.every((line, index) => paper.lines[index]?.trim() === line) &&
      JSON.stringify(paper.images) === JSON.stringify(images),
  );

const isRightWith =
  (images: readonly unknown[] = []) =>
  (reply: unknown): boolean => {
    const { type } = reply as PrinterReply;
    // `unconfirmed` claims nothing.
    return type === 'unconfirmed' || (type === 'printed' && isPrinted(images));
  };

const acts = (look: Record<string, unknown>): number => wholeTickets(look).length;

const commandsWith = (tidy: RehearsedCommand['tidy'] = []): RehearsedCommand[] => [
  {
    name: 'print',
    command: { type: 'print', document: ticket },
    timeoutMs: 30_000,
    tidy,
    isRight: isRightWith(),
    acts,
  },
  {
    name: 'printWhilePaperChanges',
    command: { type: 'print', document: ticket },
    timeoutMs: 30_000,
    hand: [
      { knob: 'removePaper', afterMs: 150 },
      { knob: 'openCover', afterMs: 1500 },
      { knob: 'loadPaper', afterMs: 2500 },
      { knob: 'closeCover', afterMs: 3500 },
    ],
    tidy: [{ knob: 'loadPaper' }, { knob: 'closeCover' }, ...tidy],
    isRight: isRightWith(),
    acts,
  },
  {
    name: 'printPictures',
    command: { type: 'print', document: ticketWithPictures },
    timeoutMs: 30_000,
    tidy,
    isRight: isRightWith(pictures),
    acts,
  },
  {
    name: 'refreshStatus',
    command: { type: 'refreshStatus' },
    timeoutMs: 10_000,
    isRight: (reply) => (reply as PrinterReply).type === 'status',
  },
];

const simulator: SimulatorFactory = (wire, options) => {
  standing = createTicketPrinterSimulator(wire, options);
  return standing;
};

// ── Answers, as the manuals' tables have them ──

type Draw = (below: number) => number;

const sample = (bytes: readonly number[], frame: PrinterFrame): SampleFrame => ({
  bytes: Uint8Array.from(bytes),
  isFrame: (made) => JSON.stringify(made) === JSON.stringify(frame),
});
const codesOf = (text: string): number[] => [...Buffer.from(text, 'latin1')];
const printable = (draw: Draw, length: number): string =>
  Array.from({ length }, () => String.fromCharCode(0x20 + draw(0x5f))).join('');
/** Any of bits 2, 3, 5, 6. */
const statusBits = (draw: Draw): number => (draw(4) << 2) | (draw(4) << 5);

const drawAnswer =
  (hasPresenter: boolean) =>
  (draw: Draw): SampleFrame => {
    switch (draw(hasPresenter ? 9 : 8)) {
      case 0: {
        const isOn = draw(2) === 0;
        return sample([isOn ? 0x11 : 0x13], { type: 'flow', isOn });
      }
      case 1: {
        const value = 0x12 | statusBits(draw);
        return sample([value], { type: 'realTime', value });
      }
      case 2: {
        const paper = [0x00, 0x03, 0x0f][draw(3)] ?? 0;
        const report: [number, number, number, number] = [
          0x10 | statusBits(draw),
          statusBits(draw),
          paper,
          draw(2) * 0x0f,
        ];
        // XOFF may come between any two bytes.
        const at = 1 + draw(3);
        const bytes = draw(3) === 0 ? [...report.slice(0, at), 0x13, ...report.slice(at)] : report;
        return sample(bytes, { type: 'autoStatus', bytes: report });
      }
      case 3: {
        const processId = printable(draw, 4);
        return sample([0x37, 0x22, ...codesOf(processId), 0x00], { type: 'processId', processId });
      }
      case 4: {
        const causes = Array.from({ length: draw(11) }, () => String.fromCharCode(0x40 + draw(0x40))).join('');
        return sample([0x37, 0x23, ...codesOf(causes), 0x00], { type: 'offlineReport', causes });
      }
      case 5:
        return sample([0x37, 0x25, 0x00], { type: 'cleared' });
      case 6: {
        const text = printable(draw, draw(33));
        return sample([0x5f, ...codesOf(text), 0x00], { type: 'info', text });
      }
      case 7: {
        const value = [0x00, 0x03, 0x0c, 0x0f][draw(4)] ?? 0;
        return sample([value], { type: 'queued', value });
      }
      default: {
        const [paper, transport, supply, fatal] = [draw(2) * 0x20 + draw(2), draw(2) * 2, draw(2), draw(2)] as const;
        return sample([0x10, 0x0f, paper, transport, supply, fatal], {
          type: 'presenter',
          paper,
          transport,
          supply,
          fatal,
        });
      }
    }
  };

const codecWith = (hasPresenter: boolean): Rehearsal['codec'] => ({
  createDecoder: () => createPrinterDecoder({ hasPresenter }),
  draw: drawAnswer(hasPresenter),
  check: 'none',
});

export const rehearsals: readonly Rehearsal[] = [
  {
    driver: 'escpos',
    config: { paperWidthMm: 80 },
    wire: 'stream',
    simulator,
    simulatorSettings: { lineMs: 40 },
    commands: commandsWith(),
    codec: codecWith(false),
  },
  {
    driver: 'escpos',
    variant: 'noProcessId',
    config: { paperWidthMm: 58, lineBaudRate: 9600 },
    wire: 'stream',
    simulator,
    simulatorSettings: { lineMs: 40, columns: 32, isEpson: false },
    commands: commandsWith(),
    codec: codecWith(false),
  },
  {
    driver: 'escpos',
    variant: 'presenter',
    config: { paperWidthMm: 80, hasPresenter: true, retractAfterSeconds: 30, cutter: 'escI', blackMark: 'gsF8' },
    wire: 'stream',
    simulator,
    simulatorSettings: { lineMs: 40, hasPresenter: true },
    commands: commandsWith([{ knob: 'takeTicket' }]),
    codec: codecWith(true),
  },
];
