// The usblp transport on a real tty pair (socat) where there is one, and on a file that fails as the kernel does.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { constants, open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Connection, LossReason } from '../transport.ts';
import { createLpTransport, infoOfDeviceId, slowestLookMs, type LpFile } from './lp.ts';

const link = { type: 'lp', path: '/dev/usb/lp-none' } as const;
const failing = (code: string): Promise<never> => Promise.reject(Object.assign(new Error(code), { code }));
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** Polled with real time: what is waited for is a condition, not a duration. */
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

type FakePrinter = LpFile & {
  reads: number;
  taken: string;
  answers: string[];
  readFails?: string;
  writeFails?: string;
};

const fakePrinter = (blockSize = 8192): FakePrinter => {
  const printer: FakePrinter = {
    reads: 0,
    taken: '',
    answers: [],
    read(buffer) {
      printer.reads += 1;
      if (printer.readFails) return failing(printer.readFails);
      const next = printer.answers.shift();
      if (next === undefined) return failing('EAGAIN');
      return Promise.resolve({ bytesRead: Buffer.from(next, 'latin1').copy(buffer) });
    },
    write(data, offset, length) {
      if (printer.writeFails) return failing(printer.writeFails);
      const block = Math.min(length, blockSize);
      printer.taken += Buffer.from(data).toString('latin1', offset, offset + block);
      return Promise.resolve({ bytesWritten: block });
    },
    close: () => Promise.resolve(),
  };
  return printer;
};

const connect = async (file: LpFile): Promise<{ connection: Connection; heard: () => string; ends: LossReason[] }> => {
  const opened = await createLpTransport(link, { openFile: () => Promise.resolve(file) }).open();
  if (!opened.ok) throw new Error(opened.error.message);
  let heard = '';
  const ends: LossReason[] = [];
  opened.value.onData((chunk) => {
    heard += Buffer.from(chunk).toString('latin1');
  });
  opened.value.onLost((reason) => ends.push(reason));
  return { connection: opened.value, heard: () => heard, ends };
};

describe('opening', () => {
  test.each([
    ['ENOENT', 'notFound', 'hall'],
    ['ENODEV', 'notFound', 'hall'],
    ['EACCES', 'permissionDenied', 'engineer'],
    ['EBUSY', 'portBusy', 'engineer'],
    ['EISDIR', 'openFailed', 'engineer'],
  ])('%s: %s', async (code, reason, who) => {
    const opened = await createLpTransport(link, { openFile: () => failing(code) }).open();
    expect(opened).toMatchObject({ ok: false, error: { code: reason, who } });
  });

  test('a node that is not there', async () => {
    expect(await createLpTransport(link).open()).toMatchObject({ ok: false, error: { code: 'notFound' } });
  });
});

describe('the name of the printer', () => {
  test.each([
    ['MFG:ACME;CMD:ESC/POS;MDL:T-80;SN:0001;', { manufacturer: 'ACME', product: 'T-80', serialNumber: '0001' }],
    ['MANUFACTURER:ACME; MODEL: T-80 II ;CLASS:PRINTER', { manufacturer: 'ACME', product: 'T-80 II' }],
    ['MDL:;no fields:at all', {}],
    ['', {}],
  ])('%s', (deviceId, info) => {
    expect(infoOfDeviceId(deviceId)).toEqual(info);
  });

  test('is read from sysfs by the kernel’s name of the node, through a link of udev’s', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lp-'));
    mkdirSync(join(folder, 'sys', 'lp3', 'device'), { recursive: true });
    writeFileSync(join(folder, 'sys', 'lp3', 'device', 'ieee1284_id'), 'MFG:ACME;MDL:T-80;\n');
    writeFileSync(join(folder, 'lp3'), '');
    symlinkSync(join(folder, 'lp3'), join(folder, 'ticket-printer'));
    const opened = await createLpTransport(
      { type: 'lp', path: join(folder, 'ticket-printer') },
      { openFile: () => Promise.resolve(fakePrinter()), sysfs: join(folder, 'sys') },
    ).open();
    expect(opened.ok && opened.value.info).toEqual({ manufacturer: 'ACME', product: 'T-80' });
    if (opened.ok) await opened.value.close();
    rmSync(folder, { recursive: true });
  });
});

describe('a printer at the end of usblp', () => {
  test('an empty packet is not the end, and what follows is read', async () => {
    const printer = fakePrinter();
    printer.answers.push('', '\x12', '\x14\0\0\x0f');
    const { connection, heard, ends } = await connect(printer);
    await until(() => heard() === '\x12\x14\0\0\x0f');
    expect(ends).toEqual([]);
    await connection.close();
  });

  test('blocks are taken one by one, in order, each byte once', async () => {
    const printer = fakePrinter(7);
    const { connection } = await connect(printer);
    await Promise.all([connection.write(bytes('a ticket of many bytes,')), connection.write(bytes(' and a question'))]);
    expect(printer.taken).toBe('a ticket of many bytes, and a question');
    await connection.close();
  });

  test('out of paper with a full buffer: the bytes wait and go on, none lost and none twice', async () => {
    const printer = fakePrinter(4);
    printer.writeFails = 'EAGAIN';
    const { connection, ends } = await connect(printer);
    let isTaken = false;
    const written = connection.write(bytes('the rest of it')).then(() => (isTaken = true));
    const readsBefore = printer.reads;
    await until(() => printer.reads > readsBefore + 2);
    expect(isTaken).toBe(false);
    delete printer.writeFails;
    await written;
    expect(printer.taken).toBe('the rest of it');
    expect(ends).toEqual([]);
    await connection.close();
  });

  test('closed while bytes wait: they are not taken by the next opening', async () => {
    const printer = fakePrinter();
    printer.writeFails = 'EAGAIN';
    const { connection } = await connect(printer);
    const written = connection.write(bytes('old ticket'));
    await connection.close();
    await expect(written).rejects.toThrow('closed');
    delete printer.writeFails;
    const next = await connect(printer);
    await next.connection.write(bytes('new'));
    expect(printer.taken).toBe('new');
    await next.connection.close();
  });

  test.each(['ENODEV', 'EIO', 'ENXIO'])('unplugged while idle (%s): told once', async (code) => {
    const printer = fakePrinter();
    const { connection, ends } = await connect(printer);
    printer.readFails = code;
    await until(() => ends.length > 0);
    await connection.close();
    expect(ends).toEqual(['unplugged']);
    await expect(connection.write(bytes('x'))).rejects.toThrow('closed');
  });

  test('unplugged in a write: the write fails', async () => {
    const printer = fakePrinter();
    const { connection } = await connect(printer);
    printer.writeFails = 'ENODEV';
    await expect(connection.write(bytes('x'))).rejects.toThrow('ENODEV');
    await connection.close();
  });

  test('a unidirectional printer is written to and not read again', async () => {
    const printer = fakePrinter();
    printer.readFails = 'EINVAL';
    const { connection, ends } = await connect(printer);
    await until(() => printer.reads === 1);
    await connection.write(bytes('ticket'));
    await connection.write(bytes(' and more'));
    expect(printer).toMatchObject({ reads: 1, taken: 'ticket and more' });
    expect(ends).toEqual([]);
    await connection.close();
  });

  test('left alone it is looked at seldom; a write makes it look at once', async () => {
    const printer = fakePrinter();
    const { connection, heard } = await connect(printer);
    const since = performance.now();
    await until(() => performance.now() - since > 3 * slowestLookMs);
    // Ever longer waits: some twenty looks in the first 600 ms, where a steady 5 ms would make 120.
    expect(printer.reads).toBeLessThan(50);
    const readsBefore = printer.reads;
    printer.answers.push('\x12');
    await connection.write(bytes('\x10\x04\x01'));
    await until(() => heard() === '\x12');
    expect(printer.reads - readsBefore).toBeLessThanOrEqual(3);
    await connection.close();
  });
});

const hasSocat = spawnSync('socat', ['-V']).status === 0;

describe.runIf(hasSocat)('on a real character device', () => {
  let socat: ChildProcess | undefined;
  let folder = '';
  let far: FileHandle | undefined;
  afterEach(async () => {
    await far?.close().catch(() => undefined);
    socat?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const startPair = async (): Promise<{ near: string; far: string }> => {
    folder = mkdtempSync(join(tmpdir(), 'lp-'));
    const [near, farEnd] = [join(folder, 'near'), join(folder, 'far')];
    socat = spawn('socat', [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${farEnd}`]);
    await until(() => existsSync(near) && existsSync(farEnd));
    return { near, far: farEnd };
  };

  test('both ways, then gone; no thread is held meanwhile', async () => {
    const paths = await startPair();
    const opened = await createLpTransport({ type: 'lp', path: paths.near }).open();
    if (!opened.ok) throw new Error(opened.error.message);
    const connection = opened.value;
    let heard = '';
    const ends: LossReason[] = [];
    connection.onData((chunk) => {
      heard += Buffer.from(chunk).toString('latin1');
    });
    connection.onLost((reason) => ends.push(reason));
    far = await open(paths.far, constants.O_RDWR | constants.O_NOCTTY);
    await connection.write(bytes('\x10\x04\x01'));
    const question = Buffer.alloc(3);
    await far.read(question, 0, 3, null);
    expect(question.toString('hex')).toBe('100401');
    await far.write(Uint8Array.of(0x12));
    await until(() => heard === '\x12');
    // With every thread held by a blocking read, reading a file would never come back.
    await Promise.all(Array.from({ length: 8 }, () => open('/dev/null').then((file) => file.close())));
    // A terminal that hung up reads as empty for ever, as usblp never does; the next question finds out.
    const gone = new Promise((resolve) => socat?.once('exit', resolve));
    socat?.kill();
    await gone;
    await expect(connection.write(bytes('\x10\x04\x01'))).rejects.toThrow('EIO');
    await connection.close();
    expect(ends).toEqual([]);
  });
});
