// One suite over both lines: whatever a screen may rely on holds over a WebSocket and over a MessagePort alike. What the lines
// themselves promise (whole pictures, bounds, hidden errors, nothing left behind) stands in conformance-lines.test.ts.

import { isDefinedError } from '@orpc/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SignedIn } from '../contract/console.ts';
import { kioskContract } from '../contract/kiosk.ts';
import type { View } from '../contract/view.ts';
import { callAt, nextOf, proceduresOf, refusalOf, validInputs } from './test-contract.ts';
import { morningMs, staffPins, type StaffAccount, type TestKiosk } from './test-kiosk.ts';
import { transports, type KioskClient, type Line } from './test-lines.ts';
import { setStage, type Stage, type StageOptions } from './test-stage.ts';

const signIn = (client: KioskClient, account: StaffAccount): Promise<SignedIn> =>
  client.staff.signIn({ account, pin: staffPins[account] });

describe.each(transports)('the contract over a $name', ({ open }) => {
  let stage: Stage;
  let place: TestKiosk;
  let line: Line;
  const set = async (options?: StageOptions): Promise<void> => {
    stage = await setStage(open, options);
    ({ place, line } = stage);
  };
  const reset = async (options: StageOptions): Promise<void> => {
    await stage.stop();
    await set(options);
  };
  const send: Stage['send'] = (client, intent) => stage.send(client, intent);
  beforeEach(() => set());
  afterEach(() => stage.stop());

  describe('the view', () => {
    it('is there at once and again on every change', async () => {
      const views = await line.client.session.view();
      expect((await nextOf(views)).screen.type).toBe('attract');
      await send(line.client, { type: 'touch' });
      expect((await nextOf(views)).screen.type).toBe('welcome');
      await send(line.client, { type: 'setLanguage', language: 'en' });
      expect((await nextOf(views)).language).toBe('en');
      await views.return?.();
    });

    it('misses no change that falls between the call and the first value', async () => {
      await reset({
        change: (kiosk) => ({
          sessions: {
            ...kiosk.sessions,
            onView(listener) {
              // The very moment before the screen listens.
              kiosk.sessions.dispatch({ type: 'intent', intent: { type: 'touch' } });
              return kiosk.sessions.onView(listener);
            },
          },
        }),
      });
      const views = await line.client.session.view();
      expect((await nextOf(views)).screen.type).toBe('welcome');
    });

    it('is not told again while nothing changes', async () => {
      await nextOf(await line.client.session.view());
      const { revision } = place.kiosk.sessions.view();
      await place.clock.advance(10_000);
      expect(place.kiosk.sessions.view().revision).toBe(revision);
    });

    it('is the same for every screen', async () => {
      const other = await stage.lines.connect();
      const first = await line.client.session.view();
      const second = await other.client.session.view();
      await nextOf(first);
      await nextOf(second);
      await send(line.client, { type: 'touch' });
      expect(await nextOf(second)).toEqual(await nextOf(first));
    });

    it('skips what a reader was too slow for: the last one wins', async () => {
      const views = await line.client.session.view();
      const { revision: before } = await nextOf(views);
      const { sessions } = place.kiosk;
      sessions.dispatch({ type: 'intent', intent: { type: 'touch' } });
      for (let change = 0; change < 60; change += 1)
        sessions.dispatch({ type: 'intent', intent: { type: 'setLanguage', language: change % 2 ? 'zh' : 'en' } });
      const { revision: last } = sessions.view();
      expect(last).toBeGreaterThan(before + 60);
      const seen: View[] = [];
      do seen.push(await nextOf(views));
      while (seen.at(-1)?.revision !== last);
      expect(seen.length).toBeLessThan(10);
    });
  });

  describe('an intent', () => {
    it('meant for an earlier screen is dropped', async () => {
      const { revision } = place.kiosk.sessions.view();
      await send(line.client, { type: 'touch' });
      await send(line.client, { type: 'next' });
      expect(place.kiosk.sessions.view().screen.type).toBe('home');
      expect(await line.client.session.intent({ intent: { type: 'back' }, revision })).toEqual({ accepted: false });
      expect(place.kiosk.sessions.view().screen.type).toBe('home');
    });

    it('that fits the step is accepted, one that does not changes nothing', async () => {
      expect(await send(line.client, { type: 'next' })).toEqual({ accepted: false });
      expect(place.kiosk.sessions.view().screen.type).toBe('attract');
      expect(await send(line.client, { type: 'touch' })).toEqual({ accepted: true });
      expect(await send(line.client, { type: 'takeNumber' })).toEqual({ accepted: false });
      expect(place.kiosk.sessions.view().screen.type).toBe('welcome');
    });

    it('comes in the order in which it was sent', async () => {
      await send(line.client, { type: 'touch' });
      await Promise.all(
        (['en', 'zh', 'en', 'zh', 'en'] as const).map((language) =>
          send(line.client, { type: 'setLanguage', language }),
        ),
      );
      expect(place.kiosk.sessions.view().language).toBe('en');
    });
  });

  describe('roles', () => {
    const expectOnlyAllowed = async (client: KioskClient, role: 'citizen' | 'manager' | 'technician') => {
      const procedures = proceduresOf(kioskContract);
      const forbidden = procedures.filter(({ roles }) => !roles.includes(role));
      expect(forbidden.length).toBeGreaterThan(0);
      for (const { path } of forbidden) {
        const refusal = await refusalOf(callAt(client, path, validInputs[path.join('.')]));
        expect([path.join('.'), refusal.code]).toEqual([path.join('.'), 'FORBIDDEN']);
        // Also with rubbish: who may not call learns nothing of the shape.
        expect((await refusalOf(callAt(client, path, { rubbish: true }))).code).toBe('FORBIDDEN');
      }
      return procedures.filter(({ roles }) => roles.includes(role));
    };

    it('every procedure names who may call it', () => {
      for (const { path, roles } of proceduresOf(kioskContract)) expect([path, roles.length]).not.toEqual([path, 0]);
    });

    it('a citizen reaches no procedure of the staff', async () => {
      await expectOnlyAllowed(line.client, 'citizen');
      expect(place.store.auditLines({ limit: 200 })).toEqual([]);
    });

    it('a technician reaches no procedure of the manager', async () => {
      await signIn(line.client, 'engineer');
      const allowed = await expectOnlyAllowed(line.client, 'technician');
      expect(allowed.map(({ path }) => path[0])).toContain('technician');
    });

    it('a manager reaches no procedure of the technician', async () => {
      await signIn(line.client, 'manager');
      const allowed = await expectOnlyAllowed(line.client, 'manager');
      expect(allowed.map(({ path }) => path[0])).toContain('manager');
    });

    it('belong to the line: another line of the same screen is a citizen’s', async () => {
      await signIn(line.client, 'manager');
      const other = await stage.lines.connect();
      expect((await refusalOf(other.client.staff.view())).code).toBe('FORBIDDEN');
    });
  });

  describe('signing in', () => {
    it('answers a wrong PIN and an unknown account alike', async () => {
      const wrong = await refusalOf(line.client.staff.signIn({ account: 'manager', pin: '000000' }));
      const unknown = await refusalOf(line.client.staff.signIn({ account: 'nobody', pin: '000000' }));
      expect(isDefinedError(wrong)).toBe(true);
      expect(wrong.data).toEqual(unknown.data);
      expect(wrong.data).toMatchObject({ code: 'wrongPin' });
    });

    it('locks after failures in a row, says until when, and opens again', async () => {
      const { pinFailuresBeforeLock, lockMinutes } = place.kiosk.config.consoles;
      for (let attempt = 0; attempt < pinFailuresBeforeLock; attempt += 1)
        await refusalOf(line.client.staff.signIn({ account: 'manager', pin: '000000' }));
      const locked = await refusalOf(signIn(line.client, 'manager'));
      expect(locked.data).toMatchObject({ code: 'locked', untilMs: morningMs + lockMinutes * 60_000 });
      await place.clock.advance(lockMinutes * 60_000);
      expect((await signIn(line.client, 'manager')).role).toBe('manager');
    });

    it('gives a burst of guesses no more tries than a row of them', async () => {
      const { pinFailuresBeforeLock } = place.kiosk.config.consoles;
      const guesses = Array.from({ length: pinFailuresBeforeLock + 4 }, (_, guess) =>
        refusalOf(line.client.staff.signIn({ account: 'manager', pin: String(guess).padStart(6, '0') })),
      );
      const codes = (await Promise.all(guesses)).map(({ data }) => (data as { code: string }).code);
      expect(codes.filter((code) => code === 'wrongPin')).toHaveLength(pinFailuresBeforeLock);
      expect((await refusalOf(signIn(line.client, 'manager'))).data).toMatchObject({ code: 'locked' });
    });

    it('ends by itself: the line is a citizen’s again, and so is what was open on it', async () => {
      const { expiresAtMs } = await signIn(line.client, 'engineer');
      const views = await line.client.staff.view();
      expect((await nextOf(views)).hall.en).toBe('Hall');
      await place.clock.advance(expiresAtMs - morningMs - 1);
      expect(await line.client.staff.audit({ limit: 10 })).toMatchObject({ chainIntact: true });
      await place.clock.advance(1);
      expect((await refusalOf(line.client.staff.audit({ limit: 10 }))).code).toBe('FORBIDDEN');
      let step = await views.next();
      while (!step.done) step = await views.next();
      expect(step.done).toBe(true);
    });

    it('ends with signing out', async () => {
      await signIn(line.client, 'manager');
      await line.client.staff.signOut();
      expect((await refusalOf(line.client.staff.view())).code).toBe('FORBIDDEN');
      expect(place.store.auditLines({ limit: 10 }).map(({ act }) => act)).toContain('signOut');
    });
  });
});
