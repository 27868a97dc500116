// The same machine behind HID reports: foreign frames cut into reports by this test, and the driver against the simulated reader.

import { describe, expect, test } from 'vitest';
import type { IdCard, IdCardReply } from './api.ts';
import { createSamDecoder, parseCardData, type SamFrame } from './codec.ts';
import { samHidDriver } from './driver.ts';
import vectors from './fixtures/idcard-vectors.json' with { type: 'json' };
import frames from './fixtures/sam-frames.json' with { type: 'json' };
import { simulatedCards } from './simulated-cards.ts';
import { bytesOf, startRig } from './test-rig.ts';
import type { Result } from '../kit/result.ts';

const cardOf = (result: Result<IdCardReply>): IdCard => {
  if (!result.ok || result.value.type !== 'card') throw new Error(JSON.stringify(result));
  return result.value.card;
};

/** Reports of 64 bytes as the published driver reads them: frame at byte 0, zeros at the end. */
const reportsOf = (frame: Uint8Array): Uint8Array[] =>
  Array.from({ length: Math.ceil(frame.length / 64) }, (_, index) => {
    const report = new Uint8Array(64);
    report.set(frame.subarray(index * 64, (index + 1) * 64));
    return report;
  });

const framesOf = (chunks: readonly Uint8Array[]): { good: SamFrame[]; reasons: string[] } => {
  const decoder = createSamDecoder({ isPadded: true });
  const items = [...chunks.flatMap((chunk) => decoder.push(chunk)), ...(decoder.idle?.() ?? [])];
  return {
    good: items.flatMap((item) => (item.type === 'frame' ? [item.frame] : [])),
    reasons: items.flatMap((item) => (item.type === 'discarded' ? [item.reason] : [])),
  };
};

const photo = Uint8Array.from({ length: 1024 }, (_, i) => (i < 3 ? ([0x57, 0x4c, 0x66][i] ?? 0) : (i * 37 + 11) & 255));
const cardVectors = [
  vectors.resident,
  vectors.resident_longterm,
  vectors.hmt_J,
  vectors.foreigner2017_I,
  vectors.foreigner2023_Y,
];

/** 1295 bytes with the checksum that the vector states. */
const vectorFrame = (vector: (typeof cardVectors)[number]): Uint8Array =>
  Uint8Array.from([
    ...bytesOf('AA AA AA 96 69 05 08 00 00 90 01 00 04 00'),
    ...bytesOf(vector.text_hex),
    ...photo,
    ...bytesOf(vector.frame_photo_pattern_chk),
  ]);

describe('foreign frames in reports', () => {
  test.each(frames.replies)('$name, padding unreported', ({ hex, sw3, dataBytes }) => {
    const { good, reasons } = framesOf(reportsOf(bytesOf(hex)));
    expect(good).toMatchObject([{ sw3 }]);
    expect(good[0]?.data.length).toBe(dataBytes);
    expect(reasons).toEqual([]);
  });

  test.each(cardVectors.map((vector) => [vector.frame_photo_pattern_chk, vector] as const))(
    'card with checksum %s in 21 reports',
    (_, vector) => {
      const reports = reportsOf(vectorFrame(vector));
      expect(reports).toHaveLength(21);
      const { good, reasons } = framesOf(reports);
      expect(good).toHaveLength(1);
      expect(reasons).toEqual([]);
      expect(parseCardData(good[0]?.data ?? new Uint8Array(), 'read', '2026-01-01').ok).toBe(true);
    },
  );

  test('all of them one after the other', () => {
    const all = [...frames.replies.map(({ hex }) => bytesOf(hex)), ...cardVectors.map(vectorFrame)];
    const { good, reasons } = framesOf(all.flatMap(reportsOf));
    expect(good).toHaveLength(all.length);
    expect(reasons).toEqual([]);
  });

  test('a missing leading AA and a byte in front are forgiven', () => {
    const frame = vectorFrame(vectors.resident);
    expect(framesOf(reportsOf(frame.subarray(1)))).toMatchObject({ good: [{ sw3: 0x90 }], reasons: [] });
    expect(framesOf(reportsOf(Uint8Array.from([0x01, ...frame])))).toMatchObject({ good: [{ sw3: 0x90 }] });
    expect(framesOf(reportsOf(Uint8Array.from([0x00, ...frame])))).toMatchObject({
      good: [{ sw3: 0x90 }],
      reasons: [],
    });
  });

  test('a report that is lost in the middle is a lost reply; the next reply is whole', () => {
    const [first = new Uint8Array(), , ...rest] = reportsOf(vectorFrame(vectors.resident));
    const decoder = createSamDecoder({ isPadded: true });
    for (const report of [first, ...rest]) expect(decoder.push(report)).toEqual([]);
    expect(decoder.idleMs).toBe(800);
    expect((decoder.idle?.() ?? []).map((item) => (item.type === 'frame' ? 'frame' : item.reason))).toEqual([
      'cutShort',
    ]);
    expect(decoder.push(reportsOf(bytesOf(frames.replies[0]?.hex ?? ''))[0] ?? new Uint8Array())).toHaveLength(1);
  });
});

describe('the driver on reports', () => {
  test('every request is one report of 65 bytes that begins with 00', async () => {
    const rig = await startRig({ wire: 'hid' });
    expect(rig.device.status().state).toBe('online');
    expect(rig.device.identity().serialNumber).toBe(frames.samId);
    const [first, second] = rig.transport.written();
    expect([...(first ?? [])]).toEqual([0, ...bytesOf(frames.requests.selfTest), ...Array<number>(54).fill(0)]);
    expect(second?.length).toBe(65);
    expect(rig.sim.look()['refusedReports']).toBe(0);
  });

  test.each(Object.keys(simulatedCards))(
    '%s is read whole, removal is seen, and no stray byte is counted',
    async (name) => {
      const rig = await startRig({ wire: 'hid', config: { withNewestAddress: true } });
      rig.turn('place', name);
      expect(cardOf(await rig.run({ type: 'readCard' })).photo).toEqual(simulatedCards[name]?.photo);
      rig.turn('lift');
      expect(await rig.run({ type: 'awaitRemoval' })).toEqual({ ok: true, value: { type: 'removed' } });
      expect(rig.device.statistics()['bytesDiscarded'] ?? 0).toBe(0);
    },
  );

  test('a lost report: the request is repeated, the card is read', async () => {
    const rig = await startRig({ wire: 'hid' });
    rig.turn('place', 'resident');
    rig.turn('loseReport');
    expect(cardOf(await rig.run({ type: 'readCard' }, 20_000)).name).toBe('张三');
    expect(rig.device.statistics()['lineErrors']).toBe(1);
  });

  test.each(['badChecksum', 'cutShort', 'halfFrame', 'garbageBefore', 'echo', 'dropAa', 'extraByte'])(
    '%s once in any of find, select and read: the card is read all the same',
    async (fault) => {
      for (const request of ['find', 'select', 'read']) {
        const rig = await startRig({ wire: 'hid' });
        rig.turn('place', 'resident');
        rig.turn('faultOnce', `${fault}@${request}`);
        expect(cardOf(await rig.run({ type: 'readCard' }, 20_000)).name).toBe('张三');
        expect(rig.sim.look()['overlapping']).toBe(0);
      }
    },
  );

  test('a model that numbers its reports, as its descriptor says', async () => {
    const reportDescriptor = bytesOf(
      '06 00 FF 09 01 A1 01 15 00 26 FF 00 75 08 95 40 85 01 09 01 81 02 09 01 91 02 C0',
    );
    const rig = await startRig({
      wire: 'hid',
      info: { reportDescriptor, product: 'USB ID reader' },
      settings: { numbered: true },
    });
    expect(rig.device.status().state).toBe('online');
    expect(rig.device.identity().model).toBe('USB ID reader');
    rig.turn('place', 'foreigner2017');
    expect(cardOf(await rig.run({ type: 'readCard' })).nationality).toBe('USA');
  });

  test('no rate is ever tried: a silent reader is offline after one opening', async () => {
    const rig = await startRig({ wire: 'hid' });
    rig.turn('fault', 'mute');
    rig.transport.peer()?.hangUp();
    await rig.clock.advance(3000);
    expect(rig.device.status()).toMatchObject({ state: 'offline', faults: [{ code: 'deviceSilent' }] });
    expect(rig.device.statistics()['opened']).toBe(2);
    rig.turn('fault', 'none');
    await rig.clock.advance(15_000);
    expect(rig.device.status().state).toBe('online');
  });

  test('unplugged in the middle of a read: one honest end, and it comes back', async () => {
    const rig = await startRig({ wire: 'hid', settings: { readDelayMs: 500 } });
    rig.turn('place', 'resident');
    const reading = rig.device.execute({ type: 'readCard' }, { id: 'cut', timeoutMs: 30_000 });
    await rig.clock.advance(100);
    rig.transport.peer()?.hangUp();
    expect(await rig.until(reading)).toMatchObject({ ok: false, error: { code: 'connectionLost' } });
    await rig.clock.advance(5000);
    expect(cardOf(await rig.run({ type: 'readCard' })).name).toBe('张三');
  });

  test('what a card says is in no trace', async () => {
    const rig = await startRig({ wire: 'hid' });
    rig.turn('place', 'resident');
    await rig.run({ type: 'readCard' });
    const lines = rig.device.trace().map((entry) => entry.hex);
    expect(lines).toContain('(1295 bytes, private)');
    expect(lines.some((line) => line.includes('20 5F'))).toBe(false);
  });

  test('internal checks pass, and the padding of reports is no line noise; real noise is', async () => {
    const rig = await startRig({ wire: 'hid' });
    const run = (name: string) => {
      const check = rig.device.checks.find((candidate) => candidate.name === name);
      if (!check) throw new Error(name);
      return rig.until(check.run(() => Promise.resolve(true)));
    };
    for (const name of ['selfTest', 'samId', 'line', 'fieldEmpty'])
      expect(await run(name)).toMatchObject({ passed: true });
    rig.turn('fault', 'garbageBefore');
    expect(await run('line')).toMatchObject({ passed: false, code: 'lineNoise' });
  });

  test('its USB numbers are marked as single-source', () => {
    expect(samHidDriver.usb).toMatchObject([{ vendorId: 0x2b8b, productId: 0x2721, confidence: 'singleSource' }]);
  });
});
