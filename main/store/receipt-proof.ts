// What the store keeps of a receipt's signature: enough to prove years later, with the centre's public key alone, that it had the event.

import type { EventAnswer } from '../contract/intake.ts';

/** `signature`, or for one of a batch `signature index/size path…`. */
export const proofOf = ({ signature, tree }: NonNullable<EventAnswer['receipt']>): string =>
  tree === undefined ? signature : [signature, `${tree.index}/${tree.size}`, ...tree.path].join(' ');
