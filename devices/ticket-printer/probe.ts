// Is there an ESC/POS printer behind this port? Asked with DLE EOT 1–4 only, which move no paper and which a printer answers at once,
// whatever state it is in.

import type { Probe } from '../kit/device.ts';
import { createPrinterDecoder, statusKinds, statusRequest, type PrinterFrame } from './codec.ts';

/** Besides its four answers a printer may send flow control and automatic status of its own accord. */
const mayCome = new Set<PrinterFrame['type']>(['realTime', 'flow', 'autoStatus']);

const areBothOrNone = (byte: number, mask: number): boolean => (byte & mask) === 0 || (byte & mask) === mask;

/**
 * Four bytes with the fixed bits of the status tables are also what a scanner sends that reads "2222". A printer's answers agree with
 * each other besides: paper sensors switch two bits at once, and one that is online has nothing to complain of.
 */
const areConsistent = ([printer = 0, offline = 0, error = 0, paper = 0]: readonly number[]): boolean => {
  const isOnline = (printer & 0x08) === 0;
  const isContent = (printer & 0x20) === 0 && (offline & 0x64) === 0 && (error & 0x68) === 0;
  return areBothOrNone(paper, 0x0c) && areBothOrNone(paper, 0x60) && (!isOnline || isContent);
};

export const escposProbe: Probe = {
  baudRates: [115_200, 9600, 19_200, 38_400],
  ask: statusKinds.map(statusRequest),
  waitMs: 300,
  recognise(heard) {
    const items = createPrinterDecoder().push(heard);
    const answers: number[] = [];
    for (const item of items) {
      if (item.type !== 'frame' || !mayCome.has(item.frame.type)) return undefined;
      if (item.frame.type === 'realTime') answers.push(item.frame.value);
    }
    return answers.length === statusKinds.length && areConsistent(answers) ? { capabilities: ['print'] } : undefined;
  },
};
