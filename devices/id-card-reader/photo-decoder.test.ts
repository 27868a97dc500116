// The optional photo decoder with real child processes: small Node programs in place of the vendor's.

import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { createFakeClock, systemClock } from '../kit/clock.ts';
import type { IdCard, IdCardReply } from './api.ts';
import type { Result } from '../kit/result.ts';
import { samSerialConfigSchema } from './config.ts';
import { decodePhoto, pictureFormatOf } from './photo-decoder.ts';
import { simulatedCards } from './simulated-cards.ts';
import { startRig, type Rig } from './test-rig.ts';

const program = (source: string): string[] => [process.execPath, '-e', source];
/** Reads the WLT block and writes "PNG", its length and its first two characters. */
const good = program(`
  const parts = [];
  process.stdin.on('data', (part) => parts.push(part)).on('end', () => {
    const wlt = Buffer.concat(parts);
    process.stdout.write(Buffer.concat([Buffer.from('89504E470D0A1A0A', 'hex'), Buffer.from(wlt.length + wlt.toString('latin1', 0, 2))]));
  });`);
const never = program('setInterval(() => {}, 1000)');

const cardOf = (result: Result<IdCardReply>): IdCard => {
  if (!result.ok || result.value.type !== 'card') throw new Error(JSON.stringify(result));
  return result.value.card;
};

const startWith = (command: readonly string[], wire: 'serial' | 'hid' = 'serial'): Promise<Rig> =>
  startRig({ wire, config: { photoDecoder: { command } } });

/** The fake clock moves by itself only to the card; the program then runs in real time. */
const readCard = async (rig: Rig, id = 'read', timeoutMs = 60_000) => {
  rig.turn('place', 'resident');
  const reading = rig.device.execute({ type: 'readCard' }, { id, timeoutMs });
  await rig.clock.advance(10);
  return reading;
};

const reasons = (rig: Rig): unknown[] =>
  rig.logged.filter(({ event }) => event === 'photoNotDecoded').map(({ detail }) => detail?.['reason']);

const options = (signal = new AbortController().signal) => ({ timeoutMs: 20_000, signal, clock: systemClock });

describe('a decoder that works', () => {
  test.each(['serial', 'hid'] as const)('%s: the card carries a picture in place of WLT data', async (wire) => {
    const rig = await startWith(good, wire);
    const card = cardOf(await readCard(rig));
    expect(card).toMatchObject({ name: '张三', photoFormat: 'png' });
    expect(
      Buffer.from(card.photo ?? [])
        .toString('latin1')
        .slice(8),
    ).toBe('1024WL');
    expect(rig.device.statistics()).toMatchObject({ cardsRead: 1, photosDecoded: 1, photosNotDecoded: 0 });
  });

  test('a repeated command id gets the same answer, and the program runs once', async () => {
    const rig = await startWith(good);
    const [first, second] = await Promise.all([
      readCard(rig),
      rig.device.execute({ type: 'readCard' }, { id: 'read', timeoutMs: 60_000 }),
    ]);
    expect(second).toBe(first);
    expect(rig.device.statistics()['photosDecoded']).toBe(1);
  });

  test('other commands are passed on as they are', async () => {
    const rig = await startWith(good);
    expect(await rig.run({ type: 'readSamId' })).toMatchObject({ ok: true, value: { type: 'samId' } });
    expect(await rig.run({ type: 'readCard' }, 1000)).toMatchObject({ ok: false, error: { code: 'timeOut' } });
  });

  test('it sees nothing of the host’s environment but the path', async () => {
    const decoded = await decodePhoto(
      new Uint8Array(4),
      program(`process.stdout.write('BM:' + Object.keys(process.env).filter((name) => name !== 'PATH').join())`),
      options(),
    );
    if ('reason' in decoded) throw new Error(decoded.reason);
    expect(Buffer.from(decoded.bytes).toString()).toBe('BM:');
  });
});

describe('a decoder that does not', () => {
  test.each([
    ['is not there', ['/nowhere/wlt-decoder'], 'notStarted'],
    ['cannot be started at all', ['\0'], 'notStarted'],
    ['ends with an error', program(`process.stdout.write('BMxxx'); process.exitCode = 7`), 'exit 7'],
    [
      'does not read and writes no picture',
      program(`process.stdin.destroy(); process.stdout.write('sorry')`),
      'noPicture',
    ],
    ['writes nothing', program(';'), 'noPicture'],
    [
      'never stops writing',
      program(
        `const w = () => { while (process.stdout.write('BM'.repeat(9999))); }; process.stdout.on('drain', w); w()`,
      ),
      'tooLarge',
    ],
  ])('%s: the card comes without a photo', async (_, command, reason) => {
    const rig = await startWith(command);
    const card = cardOf(await readCard(rig));
    expect(card.name).toBe('张三');
    expect(card).not.toHaveProperty('photo');
    expect(card).not.toHaveProperty('photoFormat');
    expect(reasons(rig)).toEqual([reason]);
    expect(rig.device.statistics()).toMatchObject({ photosDecoded: 0, photosNotDecoded: 1 });
  });

  test('is too slow: the card does not wait longer than the decoder’s deadline', async () => {
    const rig = await startWith(never);
    const reading = readCard(rig);
    await rig.clock.advance(2100);
    expect(cardOf(await reading)).not.toHaveProperty('photo');
    expect(reasons(rig)).toEqual(['timeOut']);
  });

  test('the caller’s deadline counts for the picture too', async () => {
    const rig = await startWith(never);
    const reading = readCard(rig, 'short', 500);
    await rig.clock.advance(600);
    expect(cardOf(await reading)).not.toHaveProperty('photo');
  });

  test('the caller gives up, or the device is stopped: the program ends', async () => {
    const rig = await startWith(never);
    rig.turn('place', 'resident');
    const abort = new AbortController();
    const reading = rig.device.execute({ type: 'readCard' }, { id: 'a', timeoutMs: 60_000, signal: abort.signal });
    await rig.clock.advance(10);
    abort.abort();
    await reading;
    rig.turn('lift');
    const second = readCard(rig, 'b');
    await rig.clock.advance(400);
    await rig.device.stop();
    await second;
    expect(reasons(rig)).toEqual(['canceled', 'canceled']);
  });

  test.runIf(process.platform === 'linux')('a program behind a script is killed with it', async () => {
    const mark = `wlt-${process.pid}-${Date.now()}`;
    const clock = createFakeClock();
    const decoding = decodePhoto(
      new Uint8Array(4),
      [
        '/bin/sh',
        '-c',
        `"$0" -e 'process.stdout.write("BM"); setInterval(() => {}, 1000)' ${mark}; true`,
        process.execPath,
      ],
      { timeoutMs: 1000, signal: new AbortController().signal, clock },
    );
    const running = (): boolean =>
      execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(`}, 1000) ${mark}`);
    while (!running()) await new Promise((resolve) => setTimeout(resolve, 20));
    await clock.advance(1000);
    expect(await decoding).toEqual({ reason: 'timeOut' });
    while (running()) await new Promise((resolve) => setTimeout(resolve, 20));
  });
});

test('nothing of the program’s words and the card is logged', async () => {
  const rig = await startWith(
    program(`process.stdout.write('张三'); process.stderr.write('张三'); process.exitCode = 1`),
  );
  await readCard(rig);
  expect(JSON.stringify(rig.logged)).not.toContain('张三');
});

test('off by default: WLT data are handed over unread', async () => {
  const rig = await startRig();
  const card = cardOf(await readCard(rig));
  expect(card.photo).toEqual(simulatedCards['resident']?.photo);
  expect(card).not.toHaveProperty('photoFormat');
});

describe('the reading check asks for the picture', () => {
  const check = async (command: readonly string[]) => {
    const rig = await startWith(command);
    let questions = 0;
    const found = rig.device.checks.find(({ name }) => name === 'readCard');
    return found?.run(async () => {
      questions += 1;
      rig.turn(questions === 1 ? 'place' : 'lift');
      // Not past the decoder's deadline, while the program runs in real time.
      void rig.clock.advance(questions === 1 ? 50 : 3000);
      return true;
    });
  };
  test('passed', async () => expect(await check(good)).toMatchObject({ passed: true }));
  test('failed', async () =>
    expect(await check(['/nowhere/wlt-decoder'])).toMatchObject({ passed: false, code: 'photoNotDecoded' }));
});

test('pictures are known by their first bytes', () => {
  expect(pictureFormatOf(Buffer.from('FFD8FFE000', 'hex'))).toBe('jpeg');
  expect(pictureFormatOf(Buffer.from('BM....'))).toBe('bmp');
  expect(pictureFormatOf(Buffer.from('BM'))).toBeUndefined();
  expect(pictureFormatOf(Buffer.from('GIF89a'))).toBeUndefined();
});

test('settings', () => {
  expect(samSerialConfigSchema.parse({ photoDecoder: { command: ['wlt'] } }).photoDecoder).toEqual({
    command: ['wlt'],
    timeoutMs: 2000,
  });
  expect(samSerialConfigSchema.safeParse({ photoDecoder: { command: [] } }).success).toBe(false);
});
