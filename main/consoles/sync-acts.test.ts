// What staff can do about the line to the centre, over the contract: who may, what stands in the audit log, what the store says then.

import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextOf, refusalOf } from '../host/test-contract.ts';
import { staffPins, type StaffAccount, type TestKiosk } from '../host/test-kiosk.ts';
import { transports, type KioskClient } from '../host/test-lines.ts';
import { setStage, type Stage } from '../host/test-stage.ts';
import { rating, submission, valueOf } from '../store/store-fixture.ts';
import { installOf, noteQuarantine, quarantinedSince } from '../sync/install.ts';

const reason = '两台机器已核对';
const [socket] = transports;

let stage: Stage;
let place: TestKiosk;
let client: KioskClient;
beforeEach(async () => {
  if (!socket) throw new Error('there is no transport');
  stage = await setStage(socket.open);
  ({ place } = stage);
  ({ client } = stage.line);
});
afterEach(() => stage.stop());

const signIn = (account: StaffAccount) => client.staff.signIn({ account, pin: staffPins[account] });
const lastAudit = () => {
  const [line] = place.store.auditLines({ limit: 1 });
  return line && { who: line.who, role: line.role, act: line.act, detail: line.detail, ok: line.ok };
};
/** Events that the centre refused. */
const refuse = (count: number): void => {
  for (let index = 0; index < count; index++) {
    const { eventId } = valueOf(place.store.enqueue('rating.given', rating()));
    valueOf(place.store.settle(eventId, { eventId, status: 'rejected', reason: `unknownCase ${index}` }));
  }
};

describe('a quarantine', () => {
  it('is ended by a technician with a reason: a new install id that follows the old one', async () => {
    valueOf(place.store.enqueue('rating.given', rating()));
    const { epoch } = installOf(place.store, 1);
    noteQuarantine(place.store, place.clock.now());
    await signIn('engineer');
    await client.technician.renewInstall({ reason });
    expect(quarantinedSince(place.store)).toBeUndefined();
    const renewed = installOf(place.store, 1);
    expect(renewed).toMatchObject({ follows: { epoch, seq: 1 } });
    expect(renewed.epoch).not.toBe(epoch);
    expect(place.store.depth()).toBe(1);
    expect(lastAudit()).toEqual({
      who: 'engineer',
      role: 'technician',
      act: 'renewInstall',
      detail: `${renewed.epoch}: ${reason}`,
      ok: true,
    });
  });

  it('that is none is refused: a new id would hide a clone', async () => {
    const before = installOf(place.store, 1);
    await signIn('engineer');
    const refusal = await refusalOf(client.technician.renewInstall({ reason }));
    expect(refusal).toMatchObject({ code: 'REFUSED', data: { code: 'notQuarantined' } });
    expect(installOf(place.store, 1)).toEqual(before);
    expect(lastAudit()).toMatchObject({ act: 'renewInstall', ok: false });
  });

  it('is nothing that a manager ends', async () => {
    noteQuarantine(place.store, place.clock.now());
    await signIn('manager');
    expect((await refusalOf(client.technician.renewInstall({ reason }))).code).toBe('FORBIDDEN');
    expect(quarantinedSince(place.store)).toBe(place.clock.now());
  });
});

describe('what the centre refused', () => {
  it('is sent again as a whole by a manager, with one line in the log', async () => {
    refuse(3);
    await signIn('manager');
    expect(await client.manager.retryDeadLetters({ reason })).toEqual({ retried: 3 });
    expect(place.store.deadLetters()).toEqual([]);
    expect(place.store.depth()).toBe(3);
    expect(lastAudit()).toMatchObject({ act: 'retryDeadLetters', detail: `#1, #2, #3: ${reason}`, ok: true });
  });

  it('names the receipt of its case, so that the person can be found', async () => {
    const given = submission();
    const { receiptNumber: receipt } = valueOf(place.store.submitCase(given));
    valueOf(place.store.bury({ caseId: given.caseId }, 'a scan is not taken'));
    await signIn('manager');
    const views = await client.staff.view();
    const { outbox } = await nextOf(views);
    expect(outbox.dead).toMatchObject([{ kind: 'case.submitted', receipt, isDamaged: false }]);
    await views.return?.();
  });

  it('cannot be sent again one by one under a number that is none', async () => {
    await signIn('manager');
    const refusal = await refusalOf(client.manager.retryDeadLetter({ seq: 77, reason }));
    expect(refusal).toMatchObject({ code: 'REFUSED', data: { code: 'notFound' } });
  });
});

it('“send now” is for both roles, tries at once, and stands in the log', async () => {
  valueOf(place.store.enqueue('help.called', helpCall()));
  expect((await refusalOf(client.staff.sendNow())).code).toBe('FORBIDDEN');
  await place.clock.advance(60_000);
  for (const account of ['manager', 'engineer'] as const) {
    await signIn(account);
    const before = place.kiosk.sender.lastFailure()?.atMs;
    await place.clock.advance(1);
    await client.staff.sendNow();
    await place.clock.advance(0);
    expect(place.kiosk.sender.lastFailure()?.atMs).not.toBe(before);
    expect(lastAudit()).toMatchObject({ who: account, act: 'sendNow', ok: true });
  }
});

const helpCall = () => ({
  helpId: randomUUID(),
  visitId: randomUUID(),
  where: 'form',
  calledAt: new Date(place.clock.now()).toISOString(),
});
