// What the lines themselves promise, over both of them: pictures arrive whole, what is too large is refused, a bug of ours is told
// without a word of the inside, rubbish harms nobody, and a line that ends leaves nothing behind.

import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fresh } from '../journeys/moves.ts';
import type { Session } from '../journeys/state.ts';
import { nextOf, refusalOf } from './test-contract.ts';
import { morningMs, staffPins, type TestKiosk } from './test-kiosk.ts';
import { transports, type Line } from './test-lines.ts';
import { setStage, type Stage, type StageOptions } from './test-stage.ts';

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

describe.each(transports)('the line over a $name', ({ name, open }) => {
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

  describe('a picture', () => {
    it('of 3 MB arrives whole, is kept and comes back whole', async () => {
      await reset({ session: atTheCamera });
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
      await reset({ session: atTheCamera });
      const picture = new Blob([jpeg(12 * 1024 * 1024 + 1)]);
      const refusal = await refusalOf(line.client.materials.addPage({ materialId: 'lease', picture }));
      expect(refusal.code).toBe('BAD_REQUEST');
      expect(place.kiosk.sessions.session()?.application?.materials).toEqual({});
    });

    it('of more than the line takes ends that line and no other', async () => {
      const other = await stage.lines.connect();
      const picture = new Blob([new Uint8Array(17 * 1024 * 1024)]);
      const outcome = await line.client.materials.addPage({ materialId: 'lease', picture }).catch(() => 'failed');
      expect(outcome).toBe('failed');
      await line.closed;
      expect(await send(other.client, { type: 'touch' })).toEqual({ accepted: true });
    });
  });

  describe('a bug of ours', () => {
    const secret = 'EBUG /var/lib/hall-kiosk/machine.key 张三';

    it('is told as an internal error without a word of the inside, and logged', async () => {
      await reset({
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
      expect(stage.logged).toMatchObject([
        { path: 'materials.page', error: expect.stringContaining(secret) as string },
      ]);
      expect(await send(line.client, { type: 'touch' })).toEqual({ accepted: true });
    });

    it('in the middle of a subscription ends it, and the line lives on', async () => {
      await reset({
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
      expect(await views.next().catch(() => 'failed')).toBe('failed');
      expect(raw.map(String).join('\n')).not.toContain('machine.key');
      expect(place.kiosk.screens()).toBe(0);
      expect(await send(line.client, { type: 'touch' })).toEqual({ accepted: true });
    });
  });

  describe('what a line leaves behind', () => {
    it('is nothing: a screen that goes away is not listened for any more', async () => {
      const other = await stage.lines.connect();
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
      await reset({
        change: (kiosk) => ({
          devices: { ...kiosk.devices, onChange: (listener) => counted(kiosk.devices.onChange(listener)) },
          sender: { ...kiosk.sender, onChange: (listener) => counted(kiosk.sender.onChange(listener)) },
        }),
      });
      await line.client.staff.signIn({ account: 'engineer', pin: staffPins.engineer });
      await nextOf(await line.client.staff.view());
      expect(listening).toBe(2);
      line.close();
      await until(() => listening === 0);
    });
  });

  describe(`rubbish on the ${name}`, () => {
    it('harms nobody else, and no prototype', async () => {
      const other = await stage.lines.connect();
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
      expect(await send(other.client, { type: 'next' })).toEqual({ accepted: false });
      complain.mockRestore();
      expect(await send(line.client, { type: 'next' })).toEqual({ accepted: false });
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      expect(place.kiosk.sessions.view().screen.type).toBe('attract');
    });
  });
});
