// The traps of node-hid 3.4 on a double that has them, as its sources (nodehid.js, HIDAsync.cc, read.cc) do. The real one runs
// against hidraw nodes in test/testbed/hid.

import { EventEmitter } from 'node:events';
import type { Device as HidDevice } from 'node-hid';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Connection, LossReason } from '../transport.ts';
import { closeTimeoutMs, createHidTransport, type HidHandle, type HidLink, writeTimeoutMs } from './hid.ts';

const link: HidLink = { type: 'hid', vendorId: 0x1209, productId: 0x0001 };

const listed = (path: string, more: Partial<HidDevice> = {}): HidDevice => ({
  vendorId: 0x1209,
  productId: 0x0001,
  path,
  release: 0x100,
  interface: 0,
  ...more,
});

class FakeHid extends EventEmitter implements HidHandle {
  written: Uint8Array[] = [];
  isClosed = false;
  isHanging = false;
  /** Bytes that a write claims to have taken. */
  taken: number | undefined;
  startedReading = 0;

  constructor() {
    super();
    // Reading starts a tick after the first `data` listener, and throws when the device was closed by then.
    this.on('newListener', (name) => {
      if (name === 'data') process.nextTick(() => this.resume());
    });
  }

  resume(): void {
    if (this.listenerCount('data') === 0) return;
    if (this.isClosed) throw new TypeError('device has been closed');
    this.startedReading += 1;
  }

  async write(bytes: Buffer): Promise<number> {
    if (this.isHanging) return new Promise<number>(() => undefined);
    if (this.isClosed) throw new TypeError('device has been closed');
    this.written.push(Uint8Array.from(bytes));
    return this.taken ?? bytes.length;
  }

  async close(): Promise<void> {
    if (this.isHanging) return new Promise<void>(() => undefined);
    if (this.isClosed) throw new TypeError('device is already closed');
    this.isClosed = true;
  }

  /** A report as the read thread hands it over: an exception of the listener becomes `error`. */
  report(bytes: Uint8Array): void {
    try {
      this.emit('data', Buffer.from(bytes));
    } catch (error) {
      setImmediate(() => this.emit('error', error));
    }
  }
}

const stage = (devices: HidDevice[]) => {
  const opened: { path: string; device: FakeHid }[] = [];
  const asked: [number, number][] = [];
  let refusal: string | undefined;
  return {
    opened,
    asked,
    refuse: (message: string | undefined) => {
      refusal = message;
    },
    load: async () => ({
      async devicesAsync(vendorId: number, productId: number) {
        asked.push([vendorId, productId]);
        return devices;
      },
      HIDAsync: {
        async open(path: string) {
          if (refusal !== undefined) throw new Error(`cannot open device with path ${path}: ${refusal}`);
          const device = new FakeHid();
          opened.push({ path, device });
          return device;
        },
      },
    }),
  };
};

const open: Connection[] = [];
const openOn = async (hall: ReturnType<typeof stage>, wanted: HidLink = link) => {
  const result = await createHidTransport(wanted, hall.load).open();
  if (result.ok) open.push(result.value);
  return result;
};
const openedOn = async (hall: ReturnType<typeof stage>, wanted: HidLink = link): Promise<[Connection, FakeHid]> => {
  const result = await openOn(hall, wanted);
  const device = hall.opened.at(-1)?.device;
  if (!result.ok || !device) throw new Error('not opened');
  return [result.value, device];
};
const lossesOf = (connection: Connection): LossReason[] => {
  const losses: LossReason[] = [];
  connection.onLost((reason) => losses.push(reason));
  return losses;
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(async () => {
  const closing = Promise.all(open.splice(0).map((connection) => connection.close()));
  await vi.advanceTimersByTimeAsync(closeTimeoutMs);
  await closing;
  vi.useRealTimers();
});

describe('the end', () => {
  test('is told once, though the error is a string and comes twice', async () => {
    const [connection, device] = await openedOn(stage([listed('a')]));
    const losses = lossesOf(connection);
    device.emit('error', 'could not read from HID device');
    device.emit('error', new Error('could not read from HID device'));
    expect(losses).toEqual(['unplugged']);
  });

  test('is told to a listener that came too late', async () => {
    const [connection, device] = await openedOn(stage([listed('a')]));
    device.emit('error', 'gone');
    expect(lossesOf(connection)).toEqual(['unplugged']);
  });

  test('nothing is heard or written after it', async () => {
    const [connection, device] = await openedOn(stage([listed('a')]));
    const heard: Uint8Array[] = [];
    connection.onData((bytes) => heard.push(bytes));
    device.emit('error', 'gone');
    device.report(Uint8Array.of(1));
    expect(heard).toEqual([]);
    await expect(connection.write(Uint8Array.of(0, 1))).rejects.toThrow('closed');
    expect(device.written).toEqual([]);
  });

  test('a listener’s own mistake is not an unplug', async () => {
    const [connection, device] = await openedOn(stage([listed('a')]));
    const losses = lossesOf(connection);
    connection.onData(() => {
      throw new Error('a bug of ours');
    });
    const thrown = await new Promise<unknown>((resolve) => {
      // The runner of the tests listens for these; it must not count this one.
      const others = process.listeners('uncaughtException');
      process.removeAllListeners('uncaughtException');
      process.once('uncaughtException', (error) => {
        for (const other of others) process.on('uncaughtException', other);
        resolve(error);
      });
      device.report(Uint8Array.of(1));
    });
    expect(thrown).toMatchObject({ message: 'a bug of ours' });
    expect(losses).toEqual([]);
  });
});

describe('closing', () => {
  test('in the same turn as opening does not start a read on the closed device', async () => {
    const hall = stage([listed('a')]);
    const result = await createHidTransport(link, hall.load).open();
    if (!result.ok) throw new Error('not opened');
    // The double throws out of a tick otherwise, as node-hid does.
    await result.value.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(hall.opened[0]?.device.startedReading).toBe(0);
    expect(hall.opened[0]?.device.isClosed).toBe(true);
  });

  test('twice, and of a device that is closed already, is no error', async () => {
    const [connection, device] = await openedOn(stage([listed('a')]));
    await device.close();
    await expect(connection.close()).resolves.toBeUndefined();
    await expect(connection.close()).resolves.toBeUndefined();
  });

  test('is given up when the kernel holds a write, and the path is free again', async () => {
    const hall = stage([listed('a')]);
    const [connection, device] = await openedOn(hall);
    device.isHanging = true;
    let isClosed = false;
    const closed = connection.close().then(() => {
      isClosed = true;
    });
    await vi.advanceTimersByTimeAsync(closeTimeoutMs - 1);
    expect(isClosed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await closed;
    expect((await openOn(hall)).ok).toBe(true);
  });
});

describe('reports', () => {
  test('go out and come in as they are, the number in front', async () => {
    const [connection, device] = await openedOn(stage([listed('a')]));
    const heard: Uint8Array[] = [];
    connection.onData((bytes) => heard.push(bytes));
    await connection.write(Uint8Array.of(0x00, 0x05, 0x06));
    device.report(Uint8Array.of(0x02, 0x07));
    expect(device.written).toEqual([Uint8Array.of(0x00, 0x05, 0x06)]);
    expect(heard).toEqual([Uint8Array.of(0x02, 0x07)]);
  });

  test('a write that never comes back is given up', async () => {
    const [connection, device] = await openedOn(stage([listed('a')]));
    device.isHanging = true;
    const outcome = connection.write(Uint8Array.of(0, 1)).then(
      () => 'taken',
      (error: unknown) => String(error),
    );
    await vi.advanceTimersByTimeAsync(writeTimeoutMs);
    expect(await outcome).toContain('in time');
  });

  test('half a report is no report; a longer one is (Windows pads)', async () => {
    const [connection, device] = await openedOn(stage([listed('a')]));
    device.taken = 1;
    await expect(connection.write(Uint8Array.of(0, 1))).rejects.toThrow('1 of 2');
    device.taken = 65;
    await connection.write(Uint8Array.of(0, 1));
  });
});

describe('which device', () => {
  test('asks for one vendor and product only', async () => {
    const hall = stage([listed('a')]);
    await openedOn(hall);
    expect(hall.asked).toEqual([[0x1209, 0x0001]]);
  });

  test('serial number, usage page and usage choose', async () => {
    const hall = stage([
      listed('a', { serialNumber: 'one', usagePage: 0x01, usage: 0x06 }),
      listed('b', { serialNumber: 'two', usagePage: 0x01, usage: 0x06 }),
      listed('c', { serialNumber: 'two', usagePage: 0xff00, usage: 0x01 }),
      listed('d', { serialNumber: 'two', usagePage: 0xff00, usage: 0x02 }),
    ]);
    await openedOn(hall, { ...link, serialNumber: 'two', usagePage: 0xff00, usage: 0x02 });
    await openedOn(hall, { ...link, serialNumber: 'one' });
    expect(hall.opened.map(({ path }) => path)).toEqual(['d', 'a']);
    expect((await openOn(hall, { ...link, serialNumber: 'three' })).ok).toBe(false);
  });

  test('two of one model without serial numbers go to two drivers, a third finds none', async () => {
    const hall = stage([listed('a'), listed('b')]);
    const both = await Promise.all([openOn(hall), openOn(hall)]);
    expect(both.map(({ ok }) => ok)).toEqual([true, true]);
    expect(hall.opened.map(({ path }) => path).sort()).toEqual(['a', 'b']);
    expect(await openOn(hall)).toMatchObject({ ok: false, error: { code: 'portBusy' } });
  });

  test('a device that would not open is not held', async () => {
    const hall = stage([listed('a')]);
    hall.refuse('Permission denied');
    expect(await openOn(hall)).toMatchObject({ ok: false, error: { code: 'permissionDenied' } });
    hall.refuse(undefined);
    expect((await openOn(hall)).ok).toBe(true);
  });

  test('no device: nothing is opened', async () => {
    const hall = stage([]);
    expect(await openOn(hall)).toMatchObject({ ok: false, error: { code: 'notFound', who: 'hall' } });
    expect(hall.opened).toEqual([]);
  });
});

test.each([
  ['Failed to open a device with path ’/dev/hidraw0’: Permission denied', 'permissionDenied'],
  ['open_device: (0x00000005) 拒绝访问。', 'permissionDenied'],
  ['Failed to open a device with path ’/dev/hidraw0’: No such file or directory', 'notFound'],
  ['Failed to open a device with path ’/dev/hidraw0’: No such device or address', 'notFound'],
  ['open_device: (0x00000002) 系统找不到指定的文件。', 'notFound'],
  ['open_device: (0x00000020) 另一个程序正在使用此文件。', 'portBusy'],
  ['ioctl(GRDESCSIZE) error for ’/dev/hidraw0’, not a HIDRAW device?', 'openFailed'],
])('%s → %s', async (message, code) => {
  const hall = stage([listed('a')]);
  hall.refuse(message);
  expect(await openOn(hall)).toMatchObject({ ok: false, error: { code } });
});
