// Which requests of a campaign something happens to. One request in `oneIn` has a fault, each kind as likely as the other.

import type { Random } from '../random.ts';
import type { Fault, FaultKind, Seen } from './proxy.ts';

const kinds = [
  'dropBefore',
  'dropAfter',
  'duplicate',
  'late',
  'cutRequest',
  'cutAnswer',
  'truncateAnswer',
  'flipRequest',
  'flipAnswer',
  'stall',
  'busy',
] as const satisfies readonly Exclude<FaultKind, 'offline'>[];

export const pickFault = (random: Random, oneIn: number, { bodyBytes }: Seen): Fault | undefined => {
  if (!random.chance(oneIn)) return undefined;
  const kind = kinds[random.below(kinds.length)] ?? 'dropBefore';
  switch (kind) {
    case 'cutRequest':
    case 'flipRequest':
      return bodyBytes === 0 ? { kind: 'dropBefore' } : { kind, atByte: random.below(bodyBytes) };
    case 'busy':
      return { kind, retryAfterSec: random.below(120) };
    default:
      return { kind };
  }
};
