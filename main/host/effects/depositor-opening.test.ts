import { expect, it } from 'vitest';
import type { Session } from '../../journeys/state.ts';
import { isUuidV7, uuidV7 } from '../../store/uuid.ts';
import { depositorOpening } from './depositor-opening.ts';

const id = uuidV7(Date.UTC(2026, 10, 22));
const visit = (attempt: string) =>
  ({
    id,
    step: { type: 'locker', phase: 'opening', attempt },
    application: { caseId: 'case', deposit: { depositId: 'deposit', cell: 7, pickUpCode: '00000000' } },
  }) as unknown as Session;

it('is of the cell and the case of the visit, under an id of its own that stays the same', () => {
  const opening = depositorOpening(visit(`${id}-4`), `${id}-4`);
  expect(opening).toMatchObject({ by: 'depositor', cell: 7, depositId: 'deposit', caseId: 'case' });
  expect(isUuidV7(opening?.openingId ?? '')).toBe(true);
  expect(depositorOpening(visit(`${id}-4`), `${id}-4`)).toEqual(opening);
});

it('of a second try is another opening', () => {
  const [first, second] = [4, 5].map((time) => depositorOpening(visit(`${id}-${time}`), `${id}-${time}`));
  expect(first?.openingId).not.toBe(second?.openingId);
});

it('says nothing of a late answer, of another step, or when nobody is there', () => {
  expect(depositorOpening(visit(`${id}-4`), `${id}-3`)).toBeUndefined();
  const elsewhere = { ...visit(`${id}-4`), step: { type: 'receipt' } } as unknown as Session;
  expect(depositorOpening(elsewhere, `${id}-4`)).toBeUndefined();
  expect(depositorOpening(undefined, `${id}-4`)).toBeUndefined();
});

it('carries nothing of the pick-up code', () => {
  expect(JSON.stringify(depositorOpening(visit(`${id}-4`), `${id}-4`))).not.toContain('00000000');
});
