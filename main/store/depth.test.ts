import { expect, it } from 'vitest';
import { fail, ok } from '../../devices/kit/result.ts';
import { createPlace, rating, valueOf } from './store-fixture.ts';

it('the number that wait is right after steps that were taken back, dead letters and damage, and the same after a restart', () => {
  using place = createPlace();
  const store = valueOf(place.open());
  const events = Array.from({ length: 6 }, () => valueOf(store.enqueue('rating.given', rating())));
  expect(store.depth()).toBe(6);
  store.transact(() => {
    valueOf(store.enqueue('rating.given', rating()));
    store.transact(() => {
      valueOf(store.enqueue('rating.given', rating()));
      return fail('storeFailed', 'system', 'taken back');
    });
    return ok(undefined);
  });
  expect(store.depth()).toBe(7);
  expect(() =>
    store.transact(() => {
      valueOf(store.enqueue('rating.given', rating()));
      throw new Error('a bug');
    }),
  ).toThrow('a bug');
  expect(store.depth()).toBe(7);
  const [first, second] = events;
  if (!first || !second) throw new Error('there should be two');
  valueOf(store.bury({ eventId: first.eventId }, 'refused'));
  valueOf(store.bury({ eventId: first.eventId }, 'refused again'));
  expect(store.depth()).toBe(6);
  valueOf(store.retryDead(first.seq));
  expect(store.depth()).toBe(7);
  const sent = valueOf(store.nextBatch(10)).find(({ eventId }) => eventId === second.eventId);
  const receipt = {
    receivedAt: '2026-11-22T00:00:00.000Z',
    payloadSha256: sent?.payloadSha256 ?? '',
    signature: 'c2ln',
  };
  valueOf(store.settle(second.eventId, { eventId: second.eventId, status: 'accepted', receipt }));
  valueOf(store.settle(second.eventId, { eventId: second.eventId, status: 'accepted', receipt }));
  expect(store.depth()).toBe(6);
  store.close();
  expect(valueOf(place.open()).depth()).toBe(6);
});
