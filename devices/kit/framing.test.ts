import { array, assert, nat, oneof, property, record, uint8Array, constant } from 'fast-check';
import { expect, it } from 'vitest';
import { createByteQueue } from './framing.ts';

it('gives out what came in, in order, whatever is appended and taken', () => {
  const step = oneof(
    record({ type: constant('append' as const), bytes: uint8Array({ maxLength: 700 }) }),
    record({ type: constant('take' as const), count: nat(900) }),
  );
  assert(
    property(array(step, { maxLength: 60 }), (steps) => {
      const queue = createByteQueue();
      let model: number[] = [];
      const taken: { bytes: Uint8Array; expected: number[] }[] = [];
      for (const each of steps) {
        if (each.type === 'append') {
          queue.append(each.bytes);
          model.push(...each.bytes);
        } else {
          taken.push({ bytes: queue.take(each.count), expected: model.slice(0, each.count) });
          model = model.slice(each.count);
        }
        expect([...queue.view()]).toEqual(model);
        expect([queue.length, queue.at(0), queue.at(model.length)]).toEqual([model.length, model[0] ?? -1, -1]);
        expect(queue.indexOf(Uint8Array.from(model.slice(-2)))).toBeGreaterThanOrEqual(0);
      }
      // What was taken is not written over by what came later.
      for (const { bytes, expected } of taken) expect([...bytes]).toEqual(expected);
    }),
  );
});

it('drops the oldest bytes over its limit, and says which', () => {
  const queue = createByteQueue(4);
  expect(queue.append(Uint8Array.of(1, 2, 3))).toBeUndefined();
  expect(queue.append(Uint8Array.of(4, 5, 6))).toEqual(Buffer.of(1, 2));
  expect([...queue.view()]).toEqual([3, 4, 5, 6]);
});

it('does not keep the chunk itself: a port may reuse its buffer', () => {
  const queue = createByteQueue();
  const chunk = Uint8Array.of(1, 2, 3);
  queue.append(chunk);
  chunk.fill(9);
  expect([...queue.view()]).toEqual([1, 2, 3]);
});

it('looks for a pattern from an index of its own', () => {
  const queue = createByteQueue();
  queue.append(Uint8Array.of(7, 8, 7, 8));
  queue.take(1);
  expect(queue.indexOf(Uint8Array.of(7, 8))).toBe(1);
  expect(queue.indexOf(Uint8Array.of(7, 8), 2)).toBe(-1);
});
