// Names of what drivers report, as phrases: kinds and lifetime figures. A figure that has no phrase is shown by its own name.

import type { DeviceKind } from '../../main/contract/devices.ts';
import type { Key } from '../ui/i18n/i18n.ts';

export const kindWords: Record<DeviceKind, Key> = {
  'id-card-reader': 'console.kind.idCardReader',
  'qr-reader': 'console.kind.qrReader',
  'ticket-printer': 'console.kind.ticketPrinter',
  'rating-pad': 'console.kind.ratingPad',
  locker: 'console.kind.locker',
  'document-scanner': 'console.kind.documentScanner',
};

const figureWords: Readonly<Record<string, Key>> = {
  opened: 'console.figure.opened',
  lost: 'console.figure.lost',
  commands: 'console.figure.commands',
  completed: 'console.figure.completed',
  failed: 'console.figure.failed',
  bytesIn: 'console.figure.bytesIn',
  bytesOut: 'console.figure.bytesOut',
  bytesDiscarded: 'console.figure.bytesDiscarded',
  printed: 'console.figure.printed',
  unconfirmed: 'console.figure.unconfirmed',
  notPrinted: 'console.figure.notPrinted',
  paperMm: 'console.figure.paperMm',
  cuts: 'console.figure.cuts',
  unanswered: 'console.figure.unanswered',
  codesRead: 'console.figure.codesRead',
  ratings: 'console.figure.ratings',
  notRated: 'console.figure.notRated',
  lineErrors: 'console.figure.lineErrors',
};

/** Phrase of a figure, and what its name says after the dot: `failed.timeOut` is `failed` of `timeOut`. */
export const figureOf = (name: string): { key: Key | undefined; of: string } => {
  const dot = name.indexOf('.');
  return dot < 0
    ? { key: figureWords[name], of: '' }
    : { key: figureWords[name.slice(0, dot)], of: name.slice(dot + 1) };
};

/** The sort and path of a port as the host names its transport; undefined for devices on a link without a path. */
export const portOf = (link: string): { type: 'serial' | 'lp'; path: string } | undefined => {
  const [, type, path] = /^(serial|lp) (.+)$/.exec(link) ?? [];
  return path !== undefined && (type === 'serial' || type === 'lp') ? { type, path } : undefined;
};

/** `cell:1, cell:2 … cell:24` is one capability of many things: `cell:1–24`. Others stay as they are, in their order. */
export const foldNumbered = (capabilities: readonly string[]): string[] => {
  const folded: { head: string; from: number; to: number }[] = [];
  for (const capability of capabilities) {
    const [, head, digits] = /^(.*\D)(\d+)$/.exec(capability) ?? [];
    const last = folded.at(-1);
    const number = Number(digits);
    if (head !== undefined && head === last?.head && number === last.to + 1) last.to = number;
    else folded.push({ head: head ?? capability, from: head === undefined ? Number.NaN : number, to: number });
  }
  return folded.map(({ head, from, to }) => {
    if (Number.isNaN(from)) return head;
    return from === to ? `${head}${from}` : `${head}${from}–${to}`;
  });
};
