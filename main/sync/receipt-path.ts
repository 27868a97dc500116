// From one receipt up to the root that the centre signed for its whole batch (RFC 9162, 2.1.3.2). The ways of a batch meet: a node that
// led to a good signature once is not hashed again.

import { hash } from 'node:crypto';
import type { EventAnswer } from '../contract/intake.ts';

export type TreePlace = NonNullable<NonNullable<EventAnswer['receipt']>['tree']>;

/** Nodes in base64 by where they stand. */
export type Nodes = Map<number, string>;
/** Where a way led, and the nodes on it and beside it. The root in base64. */
export type Climb = { root: string; nodes: Nodes };

const hashBytes = 32;
const levelStep = 2 ** 32;
const leafMark = Buffer.of(0x00);
/** A node's mark, what is left below it, what is right below it. */
const pair = Buffer.alloc(1 + 2 * hashBytes, 0x01);

type Step = { own: number; beside: number; isRight: boolean };

/** The steps from a leaf to the root, or nothing where the path is not as long as the tree is high. */
const stepsOf = ({ index, size, path }: TreePlace): Step[] | undefined => {
  let [place, last, level] = [index, size - 1, 0];
  if (place > last) return undefined;
  const steps: Step[] = [];
  for (; last > 0; level += 1) {
    // The last one of an odd row has nobody beside it and stands in the row above as it is.
    if (place < last || place % 2 === 1) {
      const row = level * levelStep;
      steps.push({ own: row + place, beside: row + (place ^ 1), isRight: place % 2 === 1 });
    }
    [place, last] = [place >> 1, last >> 1];
  }
  return steps.length === path.length ? steps : undefined;
};

/** `undefined` when a part is no hash. */
const hashPair = (left: string, right: string): string | undefined => {
  const isWhole =
    pair.write(left, 1, 'base64') === hashBytes && pair.write(right, 1 + hashBytes, 'base64') === hashBytes;
  return isWhole ? hash('sha256', pair, 'base64') : undefined;
};

/**
 * The root that a leaf and its path lead to; nothing where they fit no tree of that size. `held`: nodes of the same tree that lead to a
 * root whose signature was good.
 */
export const climb = (text: Uint8Array, tree: TreePlace, held?: Climb): Climb | undefined => {
  const steps = stepsOf(tree);
  if (!steps) return undefined;
  let value = hash('sha256', Buffer.concat([leafMark, text]), 'base64');
  const nodes: Nodes = new Map();
  for (const [at, { own, beside, isRight }] of steps.entries()) {
    if (held && held.nodes.get(own) === value) {
      const isSame = steps.slice(at).every((step, index) => held.nodes.get(step.beside) === tree.path[at + index]);
      return isSame ? { root: held.root, nodes } : climb(text, tree);
    }
    const step = tree.path[at] ?? '';
    nodes.set(own, value).set(beside, step);
    const above = isRight ? hashPair(step, value) : hashPair(value, step);
    if (above === undefined) return undefined;
    value = above;
  }
  return { root: value, nodes };
};
