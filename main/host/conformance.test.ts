// One suite over both lines: whatever a screen may rely on holds over a WebSocket and over a MessagePort alike.

import { randomBytes } from 'node:crypto';
import { isDefinedError, ORPCError } from '@orpc/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SignedIn } from '../contract/console.ts';
import { kioskContract } from '../contract/kiosk.ts';
import type { View } from '../contract/view.ts';
import { fresh } from '../journeys/moves.ts';
import type { Session } from '../journeys/state.ts';
import { createRouter } from './router.ts';
import type { Kiosk } from './kiosk.ts';
import { callAt, proceduresOf, validInputs } from './test-contract.ts';
import { createTestKiosk, morningMs, staffPins, type StaffAccount, type TestKiosk } from './test-kiosk.ts';
import { transports, type KioskClient, type Line, type Lines } from './test-lines.ts';

/** Resolves with what a call was refused with; a call that was not refused fails the test. */
const refusalOf = async (call: Promise<unknown>): Promise<ORPCError<string, unknown>> => {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('value' in outcome) throw new Error(`was not refused: ${JSON.stringify(outcome.value)}`);
  if (outcome.error instanceof ORPCError) return outcome.error;
  throw new Error('was refused without a typed error', { cause: outcome.error });
};

const signIn = (client: KioskClient, account: StaffAccount): Promise<SignedIn> =>
  client.staff.signIn({ account, pin: staffPins[account] });

const nextOf = async <T>(views: AsyncIterator<T>): Promise<T> => {
  const { value, done } = await views.next();
  if (done) throw new Error('the views ended');
  return value;
};

/** Waits for something of another thread of work (a socket, a port) to have happened. */
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
};

const jpeg = (size: number): Uint8Array<ArrayBuffer> => {
  // SOI, SOF0 of 800 × 1200, then noise and EOI: what the host looks at when it asks whether this is a picture.
  const bytes = Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0x00, 0x0b, 0x08, 0x04, 0xb0, 0x03, 0x20, 0x01, 0x01, 0x11, 0x00]),
    randomBytes(size - 17),
    Buffer.from([0xff, 0xd9]),
  ]);
  return new Uint8Array(bytes);
};

/** A visit that stands before the camera with the lease. */
const atTheCamera: Session = {
  ...fresh('0192f000-0000-7000-8000-000000000001', morningMs),
  camera: 'ready',
  step: {
    type: 'materials',
    capture: { materialId: 'lease', way: 'camera', attempt: 'a-1', phase: 'waiting', sinceMs: morningMs },
  },
  application: {
    itemCode: 'YSYB-001',
    caseId: '0192f000-0000-7000-8000-000000000002',
    form: {},
    from: {},
    visited: [],
    materials: {},
    rated: false,
  },
};

describe.each(transports)('the contract over a $name', ({ name, open }) => {
  let place: TestKiosk;
  let lines: Lines;
  let logged: Record<string, unknown>[];

  const start = async (
    options: { session?: Session; change?: (kiosk: Kiosk) => Partial<Kiosk> } = {},
  ): Promise<Line> => {
    place = await createTestKiosk(options.session ? { session: options.session } : {});
    const kiosk = { ...place.kiosk, ...options.change?.(place.kiosk) };
    logged = [];
    lines = await open(
      createRouter(kiosk, () => undefined),
      kiosk,
      (_event, detail) => logged.push(detail),
      place.folder,
    );
    return lines.connect();
  };
  let line: Line;
  beforeEach(async () => {
    line = await start();
  });
  const stop = async (): Promise<void> => {
    await lines.stop();
    await place.stop();
  };
  afterEach(stop);
  const restart = async (options: Parameters<typeof start>[0]): Promise<Line> => {
    await stop();
    return start(options);
  };

  describe('the view', () => {
    it('is there at once and again on every change', async () => {
      const views = await line.client.session.view();
      expect((await nextOf(views)).screen.type).toBe('attract');
      await line.client.session.intent({ type: 'touch' });
      expect((await nextOf(views)).screen.type).toBe('welcome');
      await line.client.session.intent({ type: 'setLanguage', language: 'en' });
      expect((await nextOf(views)).language).toBe('en');
      await views.return?.();
    });

    it('misses no change that falls between the call and the first value', async () => {
      line = await restart({
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

    it('is the same for every screen', async () => {
      const other = await lines.connect();
      const first = await line.client.session.view();
      const second = await other.client.session.view();
      await nextOf(first);
      await nextOf(second);
      await line.client.session.intent({ type: 'touch' });
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
    it('that fits the step is accepted, one that does not changes nothing', async () => {
      expect(await line.client.session.intent({ type: 'next' })).toEqual({ accepted: false });
      expect(place.kiosk.sessions.view().screen.type).toBe('attract');
      expect(await line.client.session.intent({ type: 'touch' })).toEqual({ accepted: true });
      expect(await line.client.session.intent({ type: 'takeNumber' })).toEqual({ accepted: false });
      expect(place.kiosk.sessions.view().screen.type).toBe('welcome');
    });

    it('comes in the order in which it was sent', async () => {
      await line.client.session.intent({ type: 'touch' });
      await Promise.all(
        (['en', 'zh', 'en', 'zh', 'en'] as const).map((language) =>
          line.client.session.intent({ type: 'setLanguage', language }),
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
      const other = await lines.connect();
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

  describe('a picture', () => {
    it('of 3 MB arrives whole, is kept and comes back whole', async () => {
      line = await restart({ session: atTheCamera });
      const bytes = jpeg(3 * 1024 * 1024);
      const picture = new Blob([bytes], { type: 'image/jpeg' });
      const { pageId } = await line.client.materials.addPage({ materialId: 'lease', picture });
      const back = await line.client.materials.page({ pageId });
      expect(back.type).toBe('image/jpeg');
      expect(Buffer.from(await back.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
      expect(place.kiosk.sessions.session()?.application?.materials['lease']?.pages).toHaveLength(1);
    });

    it('that nobody asked for is refused', async () => {
      const picture = new Blob([jpeg(1000)]);
      const refusal = await refusalOf(line.client.materials.addPage({ materialId: 'lease', picture }));
      expect([refusal.code, refusal.data]).toMatchObject(['REFUSED', { code: 'notExpected' }]);
    });

    it('of more than 12 MB is refused, and nothing is kept', async () => {
      line = await restart({ session: atTheCamera });
      const picture = new Blob([jpeg(12 * 1024 * 1024 + 1)]);
      const refusal = await refusalOf(line.client.materials.addPage({ materialId: 'lease', picture }));
      expect(refusal.code).toBe('BAD_REQUEST');
      expect(place.kiosk.sessions.session()?.application?.materials).toEqual({});
    });

    it('of more than the line takes ends that line and no other', async () => {
      const other = await lines.connect();
      const picture = new Blob([new Uint8Array(17 * 1024 * 1024)]);
      await expect(line.client.materials.addPage({ materialId: 'lease', picture })).rejects.toThrow();
      await line.closed;
      expect(await other.client.session.intent({ type: 'touch' })).toEqual({ accepted: true });
    });
  });

  describe('a bug of ours', () => {
    const secret = 'EBUG /var/lib/hall-kiosk/machine.key 张三';

    it('is told as an internal error without a word of the inside, and logged', async () => {
      line = await restart({
        change: () => ({
          page() {
            throw new Error(secret);
          },
        }),
      });
      const raw: unknown[] = [];
      line.onRaw((frame) => raw.push(frame));
      const refusal = await refusalOf(line.client.materials.page({ pageId: 'p' }));
      expect(refusal.code).toBe('INTERNAL_SERVER_ERROR');
      const told = raw.map(String).join('\n');
      expect(told).not.toContain('machine.key');
      expect(told).not.toMatch(/\.ts:\d|node_modules|张三/);
      expect(logged).toMatchObject([{ path: 'materials.page', error: expect.stringContaining(secret) as string }]);
      expect(await line.client.session.intent({ type: 'touch' })).toEqual({ accepted: true });
    });

    it('in the middle of a subscription ends it, and the line lives on', async () => {
      line = await restart({
        change: (kiosk) => ({
          sessions: {
            ...kiosk.sessions,
            view() {
              throw new Error(secret);
            },
          },
        }),
      });
      const raw: unknown[] = [];
      line.onRaw((frame) => raw.push(frame));
      const views = await line.client.session.view();
      await expect(views.next()).rejects.toThrow();
      expect(raw.map(String).join('\n')).not.toContain('machine.key');
      expect(place.kiosk.screens()).toBe(0);
      expect(await line.client.session.intent({ type: 'touch' })).toEqual({ accepted: true });
    });
  });

  describe('what a line leaves behind', () => {
    it('is nothing: a screen that goes away is not listened for any more', async () => {
      const other = await lines.connect();
      const views = await other.client.session.view();
      await nextOf(views);
      await nextOf(await line.client.session.view());
      expect(place.kiosk.screens()).toBe(2);
      other.close();
      await until(() => place.kiosk.screens() === 1);
    });

    it('is nothing: a reader that stops listens no more', async () => {
      const views = await line.client.session.view();
      await nextOf(views);
      expect(place.kiosk.screens()).toBe(1);
      await views.return?.();
      await until(() => place.kiosk.screens() === 0);
    });

    it('is nothing of a console either', async () => {
      let listening = 0;
      const counted = (stopListening: () => void): (() => void) => {
        listening += 1;
        return () => {
          listening -= 1;
          stopListening();
        };
      };
      line = await restart({
        change: (kiosk) => ({
          devices: { ...kiosk.devices, onChange: (listener) => counted(kiosk.devices.onChange(listener)) },
          sender: { ...kiosk.sender, onChange: (listener) => counted(kiosk.sender.onChange(listener)) },
        }),
      });
      await signIn(line.client, 'engineer');
      await nextOf(await line.client.staff.view());
      expect(listening).toBe(2);
      line.close();
      await until(() => listening === 0);
    });
  });

  describe(`rubbish on the ${name}`, () => {
    it('harms nobody else, and no prototype', async () => {
      const other = await lines.connect();
      const frames = [
        '',
        'null',
        '[]',
        '{"i":"1"}',
        '{"i":"2","p":{"u":"no url"}}',
        '{"i":"3","p":{"u":"/session/intent","b":7}}',
        '{"i":"4","p":{"u":"/__proto__/polluted","b":{"json":{}}}}',
        '{"i":"5","p":{"u":"/session/intent","b":{"json":{"type":"touch"},"meta":[[0,"__proto__","polluted"]]}}}',
        '{"i":"6","p":{"u":"/session/intent","b":{"json":{"__proto__":{"polluted":1},"type":"next"}}}}',
        '{"i":"7","__proto__":{"polluted":1},"p":{"u":"/constructor/prototype","b":{}}}',
        Uint8Array.of(0xff, 0xff, 0x00),
        Uint8Array.of(),
        'x'.repeat(100_000),
      ];
      const complain = vi.spyOn(console, 'error').mockImplementation(() => undefined);
      for (const frame of frames) other.sendRaw(frame);
      // Frames are read in order: when this is answered, all rubbish was read.
      expect(await other.client.session.intent({ type: 'next' })).toEqual({ accepted: false });
      complain.mockRestore();
      expect(await line.client.session.intent({ type: 'next' })).toEqual({ accepted: false });
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      expect(place.kiosk.sessions.view().screen.type).toBe('attract');
    });
  });
});
