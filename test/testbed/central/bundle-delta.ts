// Steps that make one text out of another: what they share at line ends of the JSON, found by pieces; the rest as new text. Not the
// shortest delta there is, but a right one, and short where little changed.

import type { DeltaStep } from '../../../main/contract/bundles.ts';

/** Short enough that a changed field costs little, long enough that a piece is found where it belongs. */
const pieceLength = 48;

export const deltaBetween = (base: string, text: string): DeltaStep[] => {
  const places = new Map<string, number>();
  for (let at = 0; at + pieceLength <= base.length; at += pieceLength) places.set(base.slice(at, at + pieceLength), at);
  const steps: DeltaStep[] = [];
  let fresh = '';
  const endFresh = (): void => {
    if (fresh !== '') steps.push(fresh);
    fresh = '';
  };
  for (let at = 0; at < text.length;) {
    const place = places.get(text.slice(at, at + pieceLength));
    if (place === undefined) {
      fresh += text[at];
      at += 1;
      continue;
    }
    let length = pieceLength;
    while (at + length < text.length && place + length < base.length && text[at + length] === base[place + length])
      length += 1;
    endFresh();
    steps.push([place, length]);
    at += length;
  }
  endFresh();
  return steps;
};
