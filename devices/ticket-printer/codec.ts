// The printer's side of the line, read. Five kinds of answer share one stream and are told apart by their first byte
// (appendix "Transmission status identification" of the Epson and Citizen manuals):
//
//   bytes ─▶ createPrinterDecoder ─┬ 11 / 13         XON / XOFF                     flow
//                                  ├ 37 … 00         GS ( H, DLE DC4 fn 8           processId, offlineReport, cleared, block
//                                  ├ 5F … 00         GS I                           info
//                                  ├ (b & 93) = 12   DLE EOT                        realTime
//                                  ├ (b & 93) = 10   automatic status, 4 bytes      autoStatus   (10 0F: presenter, 6 bytes)
//                                  └ 0xx0xxxx        GS r                           queued

import { createByteQueue, type ByteQueue } from '../kit/framing.ts';
import type { Decoded, Decoder } from '../kit/machine.ts';

export * from './commands.ts';
export * from './ticket-bytes.ts';

export type PrinterFrame =
  | { type: 'flow'; isOn: boolean }
  /** Answer to DLE EOT; which of the four is known only by what was asked last. */
  | { type: 'realTime'; value: number }
  /** GS a report of four bytes, without XON/XOFF that came in between. */
  | { type: 'autoStatus'; bytes: readonly [number, number, number, number] }
  /** Answer to DLE EOT 14h; `paper` bit 5 = the ticket is still in the outlet. */
  | { type: 'presenter'; paper: number; transport: number; supply: number; fatal: number }
  | { type: 'processId'; processId: string }
  /** GS ( H fn 49: went offline. The cause codes are not defined anywhere: ask DLE EOT. */
  | { type: 'offlineReport'; causes: string }
  /** DLE DC4 fn 8 was carried out. */
  | { type: 'cleared' }
  | { type: 'block'; id: number; data: string }
  | { type: 'info'; text: string }
  /** Our own DLE EOT 1 handed back by the line. */
  | { type: 'echo' }
  /** Answer to GS r, in the order of the requests. */
  | { type: 'queued'; value: number };

/** Answers come in one piece; a gap of this length inside one means that the rest was lost. */
export const answerGapMs = 200;
const longestBlock = 80;

const isFlow = (byte: number): boolean => byte === 0x11 || byte === 0x13;

type Piece =
  | { type: 'wait' }
  /** `length` bytes make this frame. */
  | { type: 'frame'; length: number; frame: PrinterFrame }
  /** The first `length` bytes belong to nothing. */
  | { type: 'garbage'; length: number; reason: string };

const readBlock = (queue: ByteQueue, first: number): Piece => {
  const data: number[] = [];
  for (let index = 1; index < queue.length; index++) {
    const byte = queue.at(index);
    if (byte === 0x00) return { type: 'frame', length: index + 1, frame: blockFrame(first, data) };
    if (isFlow(byte)) continue;
    if (byte < 0x20 || byte > 0x7f) return { type: 'garbage', length: index, reason: 'a block was cut off' };
    if (index >= longestBlock) return { type: 'garbage', length: index, reason: 'a block without an end' };
    data.push(byte);
  }
  return { type: 'wait' };
};

const blockFrame = (first: number, data: readonly number[]): PrinterFrame => {
  const text = (from: number): string => Buffer.from(data.slice(from)).toString('latin1');
  if (first === 0x5f) return { type: 'info', text: text(0) };
  const [id = 0] = data;
  if (id === 0x22 && data.length === 5) return { type: 'processId', processId: text(1) };
  if (id === 0x23) return { type: 'offlineReport', causes: text(1) };
  if (id === 0x25 && data.length === 1) return { type: 'cleared' };
  return { type: 'block', id, data: text(1) };
};

/** DLE EOT 1, with which every round of questions begins. */
const echoedQuestion = [0x10, 0x04, 0x01].join();

/** Bytes 2 to 4 of a report never have bits 4 and 7; everything that begins an answer of several bytes has bit 4. */
const mayFollow = (byte: number): boolean => (byte & 0x90) === 0;

/** 10 0F and four bytes; undefined when the second one is another. */
const readPresenter = (queue: ByteQueue): Piece | undefined => {
  const answer: number[] = [];
  for (let index = 0; index < queue.length; index++) {
    const byte = queue.at(index);
    if (isFlow(byte)) continue;
    answer.push(byte);
    if (answer.length === 2 && byte !== 0x0f) return undefined;
    if (answer.length < 6) continue;
    const [, , paper = 0, transport = 0, supply = 0, fatal = 0] = answer;
    return { type: 'frame', length: index + 1, frame: { type: 'presenter', paper, transport, supply, fatal } };
  }
  return { type: 'wait' };
};

const readReport = (queue: ByteQueue, hasPresenter: boolean): Piece => {
  // The presenter's answer passes for an automatic status. Byte 2 of a genuine one has bits 0 and 1 clear, 0F has them set.
  if (hasPresenter && queue.at(0) === 0x10) {
    const answer = readPresenter(queue);
    if (answer) return answer;
  }
  const report: number[] = [queue.at(0)];
  for (let index = 1; index < queue.length; index++) {
    const byte = queue.at(index);
    if (isFlow(byte)) continue;
    // All of it goes: what follows a broken report could pass for a GS r answer, which confirms a ticket.
    if (!mayFollow(byte)) return { type: 'garbage', length: index, reason: 'a status report was cut off' };
    report.push(byte);
    // No report: the near-end bits of byte 3 go on and off together.
    if (report.length === 3 && report.join() === echoedQuestion)
      return { type: 'frame', length: index + 1, frame: { type: 'echo' } };
    if (report.length < 4) continue;
    const [one = 0, two = 0, three = 0, four = 0] = report;
    return { type: 'frame', length: index + 1, frame: { type: 'autoStatus', bytes: [one, two, three, four] } };
  }
  return { type: 'wait' };
};

const readOne = (queue: ByteQueue, hasPresenter: boolean): Piece => {
  const first = queue.at(0);
  if (isFlow(first)) return { type: 'frame', length: 1, frame: { type: 'flow', isOn: first === 0x11 } };
  if (first === 0x37 || first === 0x5f) return readBlock(queue, first);
  if ((first & 0x93) === 0x12) return { type: 'frame', length: 1, frame: { type: 'realTime', value: first } };
  if ((first & 0x93) === 0x10) return readReport(queue, hasPresenter);
  if ((first & 0x90) === 0x00) return { type: 'frame', length: 1, frame: { type: 'queued', value: first } };
  return { type: 'garbage', length: 1, reason: 'not an answer of this printer' };
};

export const createPrinterDecoder = ({ hasPresenter = false } = {}): Decoder<PrinterFrame> => {
  const queue = createByteQueue();
  return {
    idleMs: answerGapMs,
    push(chunk) {
      const decoded: Decoded<PrinterFrame>[] = [];
      const dropped = queue.append(chunk);
      if (dropped) decoded.push({ type: 'discarded', bytes: dropped, reason: 'too much at once' });
      while (queue.length > 0) {
        const piece = readOne(queue, hasPresenter);
        if (piece.type === 'wait') break;
        const bytes = queue.take(piece.length);
        const last = decoded.at(-1);
        if (piece.type === 'frame') decoded.push({ type: 'frame', frame: piece.frame, bytes });
        else if (last?.type === 'discarded' && last.reason === piece.reason)
          last.bytes = Buffer.concat([last.bytes, bytes]);
        else decoded.push({ type: 'discarded', bytes, reason: piece.reason });
      }
      return decoded;
    },
    idle() {
      if (queue.length === 0) return [];
      return [{ type: 'discarded', bytes: queue.take(queue.length), reason: 'an answer broke off' }];
    },
  };
};
