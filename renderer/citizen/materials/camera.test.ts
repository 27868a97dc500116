import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CameraWanted } from '../../../main/contract/view.ts';
import { againMs, openCamera, reopenDelayMs, type CameraMedia, type CameraStatus } from './camera.ts';

type Ask = { deviceId?: { exact: string }; width: { ideal: number }; resizeMode: string };

/** A machine with cameras: each can be plugged, pulled and held by another program. */
const createMachine = (labels: string[]) => {
  const devices = labels.map((label, i) => ({ kind: 'videoinput', deviceId: `id-${i}`, label }));
  const asks: Ask[] = [];
  const open = new Set<string>();
  const ends: (() => void)[] = [];
  const onChange = new Set<() => void>();
  const machine = {
    asks,
    open,
    isAllowed: true,
    isBusy: false,
    hasPermission: true,
    /** Set to hold every answer back until it is called. */
    answer: undefined as Promise<void> | undefined,
    /** What the camera can set, and what it was set to. */
    capabilities: {} as Record<string, unknown>,
    applied: [] as Record<string, unknown>[],
    refusesControls: false,
    devices,
    pull() {
      devices.length = 0;
      open.clear();
      for (const end of ends.splice(0)) end();
      for (const listener of onChange) listener();
    },
    /** Pulled, but its driver ends no track. */
    vanish(label: string) {
      devices.splice(
        devices.findIndex((device) => device.label === label),
        1,
      );
      for (const listener of onChange) listener();
    },
    plug(label: string) {
      devices.push({ kind: 'videoinput', deviceId: `id-new`, label });
      for (const listener of onChange) listener();
    },
  };
  const named = (name: string): Error => Object.assign(new Error(name), { name });
  const media = {
    enumerateDevices: () =>
      Promise.resolve([
        { kind: 'audioinput', deviceId: 'mic', label: 'document microphone' },
        ...devices.map((device) => (machine.hasPermission ? device : { ...device, label: '' })),
      ]),
    async getUserMedia({ video }: { video: Ask }) {
      asks.push(video);
      await machine.answer;
      if (!machine.isAllowed) throw named('NotAllowedError');
      if (machine.isBusy) throw named('NotReadableError');
      const device = devices.find((d) => !video.deviceId || d.deviceId === video.deviceId.exact);
      if (!device) throw named('NotFoundError');
      machine.hasPermission = true;
      open.add(device.deviceId);
      const track = {
        label: device.label,
        stop: () => open.delete(device.deviceId),
        getSettings: () => ({ width: 3264, height: 2448, deviceId: device.deviceId }),
        getCapabilities: () => machine.capabilities,
        applyConstraints: async ({ advanced }: { advanced: Record<string, unknown>[] }) => {
          if (machine.refusesControls) throw named('OverconstrainedError');
          machine.applied = advanced;
        },
        addEventListener: (_: 'ended', listener: () => void) => ends.push(listener),
      };
      return { getTracks: () => [track], getVideoTracks: () => [track] };
    },
    addEventListener: (_: 'devicechange', listener: () => void) => onChange.add(listener),
    removeEventListener: (_: 'devicechange', listener: () => void) => onChange.delete(listener),
  } as unknown as CameraMedia;
  return { machine, media, listeners: onChange };
};

const start = (
  setUp: ReturnType<typeof createMachine>,
  wanted?: string | Partial<CameraWanted>,
  memory = { hasSeenWanted: false },
) => {
  const seen: CameraStatus[] = [];
  const settings: CameraWanted | undefined =
    wanted === undefined
      ? undefined
      : { rotationDeg: 0, ...(typeof wanted === 'string' ? { labelHint: wanted } : wanted) };
  const camera = openCamera(setUp.media, settings, (status) => seen.push(status), memory);
  return { camera, seen, last: (): CameraStatus => seen.at(-1)!, settle: () => vi.advanceTimersByTimeAsync(0) };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('opening', () => {
  it('asks for the full frame unscaled and reports what the camera really gives', async () => {
    const setUp = createMachine(['USB Document Camera']);
    const { last, settle } = start(setUp);
    await settle();
    expect(setUp.machine.asks).toMatchObject([{ width: { ideal: 3840 }, resizeMode: 'none' }]);
    expect(last()).toMatchObject({ type: 'live', label: 'USB Document Camera', widthPx: 3264, heightPx: 2448 });
  });

  it('takes the camera of the hint, not the one for the face', async () => {
    const setUp = createMachine(['USB Face Camera', 'USB Document Camera']);
    const { last, settle } = start(setUp, 'document camera');
    await settle();
    expect(last()).toMatchObject({ type: 'live', label: 'USB Document Camera' });
    expect([...setUp.machine.open]).toEqual(['id-1']);
  });

  it('before the first permission names are unknown: the wrong one is stopped and the right one opened', async () => {
    const setUp = createMachine(['USB Face Camera', 'USB Document Camera']);
    setUp.machine.hasPermission = false;
    const { last, settle } = start(setUp, 'document');
    await settle();
    expect(last()).toMatchObject({ type: 'live', label: 'USB Document Camera' });
    expect([...setUp.machine.open]).toEqual(['id-1']);
  });

  it('several cameras and none with the name: none is left open', async () => {
    const setUp = createMachine(['Face A', 'Face B']);
    const { last, settle } = start(setUp, 'document');
    await settle();
    expect(last()).toEqual({ type: 'failed', fault: 'missing' });
    expect(setUp.machine.open.size).toBe(0);
  });

  it('a single camera with another name is used', async () => {
    const { last, settle } = start(createMachine(['fake_device_0']), 'document');
    await settle();
    expect(last()).toMatchObject({ type: 'live', label: 'fake_device_0' });
  });
});

describe('settings', () => {
  it('asks for the configured size', async () => {
    const setUp = createMachine(['Document']);
    await start(setUp, { widthPx: 1600, heightPx: 1200 }).settle();
    expect(setUp.machine.asks).toMatchObject([{ width: { ideal: 1600 }, height: { ideal: 1200 } }]);
  });

  it('tells cameras of one name apart by their USB id', async () => {
    const setUp = createMachine(['USB Camera (0c45:6366)', 'USB Camera (0c45:6367)']);
    const { last, settle } = start(setUp, { usbId: '0c45:6367' });
    await settle();
    expect(last()).toMatchObject({ type: 'live', label: 'USB Camera (0c45:6367)' });
  });

  it('does not open a single camera whose USB id is another', async () => {
    const setUp = createMachine(['USB Camera (0c45:6366)']);
    const { last, settle } = start(setUp, { usbId: '0c45:6367' });
    await settle();
    expect(last()).toEqual({ type: 'failed', fault: 'missing' });
    expect(setUp.machine.open.size).toBe(0);
  });

  it('sets what the camera can set, before the picture is shown', async () => {
    const setUp = createMachine(['Document']);
    setUp.machine.capabilities = {
      focusMode: ['manual'],
      focusDistance: { min: 0, max: 255 },
      exposureMode: ['continuous'],
    };
    const { last, settle } = start(setUp, { focus: 300, exposure: 'auto', whiteBalance: 'auto' });
    await settle();
    expect(last().type).toBe('live');
    // Together: a second call would take the first one back.
    expect(setUp.machine.applied).toEqual([
      { focusMode: 'manual', focusDistance: 255 },
      { exposureMode: 'continuous' },
    ]);
  });

  it('a camera that refuses a value is live all the same', async () => {
    const setUp = createMachine(['Document']);
    setUp.machine.capabilities = { focusMode: ['continuous'] };
    setUp.machine.refusesControls = true;
    const { last, settle } = start(setUp, { focus: 'auto' });
    await settle();
    expect(last().type).toBe('live');
  });
});

describe('no picture, and why', () => {
  it('no camera, no permission, held by another program, no media at all', async () => {
    const missing = start(createMachine([]));
    const denied = createMachine(['A']);
    denied.machine.isAllowed = false;
    const refused = start(denied);
    const busy = createMachine(['A']);
    busy.machine.isBusy = true;
    const held = start(busy);
    const seen: CameraStatus[] = [];
    openCamera(undefined, undefined, (status) => seen.push(status));
    await vi.advanceTimersByTimeAsync(0);
    expect(missing.last()).toEqual({ type: 'failed', fault: 'missing' });
    expect(refused.last()).toEqual({ type: 'failed', fault: 'denied' });
    expect(held.last()).toEqual({ type: 'failed', fault: 'lost' });
    expect(seen.at(-1)).toEqual({ type: 'failed', fault: 'missing' });
  });

  it('pulled out while live: said at once; put back: open again after a second', async () => {
    const setUp = createMachine(['Document']);
    const { last, settle } = start(setUp);
    await settle();
    setUp.machine.pull();
    expect(last()).toEqual({ type: 'failed', fault: 'lost' });
    await vi.advanceTimersByTimeAsync(reopenDelayMs * 2);
    setUp.machine.plug('Document');
    await vi.advanceTimersByTimeAsync(reopenDelayMs - 1);
    expect(last()).toMatchObject({ type: 'failed' });
    await vi.advanceTimersByTimeAsync(1);
    expect(last()).toMatchObject({ type: 'live', label: 'Document' });
  });

  it('another device that comes or goes does not interrupt a live picture', async () => {
    const setUp = createMachine(['Document']);
    const { seen, settle } = start(setUp);
    await settle();
    setUp.machine.plug('Second');
    await vi.advanceTimersByTimeAsync(reopenDelayMs * 2);
    expect(seen.map((status) => status.type)).toEqual(['opening', 'live']);
  });

  it('gone from the list without a word of its track: said, and open again when it is back', async () => {
    const setUp = createMachine(['Face', 'Document']);
    const { last, settle } = start(setUp, 'document');
    await settle();
    setUp.machine.vanish('Document');
    await settle();
    expect(last()).toEqual({ type: 'failed', fault: 'lost' });
    expect(setUp.machine.open.size).toBe(0);
    await vi.advanceTimersByTimeAsync(reopenDelayMs * 3);
    expect(last()).toEqual({ type: 'failed', fault: 'lost' });
    setUp.machine.plug('Document');
    await vi.advanceTimersByTimeAsync(reopenDelayMs);
    expect(last()).toMatchObject({ type: 'live', label: 'Document' });
  });

  it('the right one pulled out: the one for the face is not even switched on, in this visit or the next', async () => {
    const memory = { hasSeenWanted: false };
    const setUp = createMachine(['Document', 'Face']);
    const first = start(setUp, 'document', memory);
    await first.settle();
    const asks = setUp.machine.asks.length;
    setUp.machine.vanish('Document');
    await vi.advanceTimersByTimeAsync(reopenDelayMs * 2);
    first.camera.close();
    const next = start(setUp, 'document', memory);
    await next.settle();
    expect(next.last()).toEqual({ type: 'failed', fault: 'missing' });
    expect(setUp.machine.asks).toHaveLength(asks);
  });

  it('held by another program: tried again by itself, without the screen flickering', async () => {
    const setUp = createMachine(['Document']);
    setUp.machine.isBusy = true;
    const { seen, last, settle } = start(setUp);
    await settle();
    await vi.advanceTimersByTimeAsync(againMs[0]);
    expect(seen.map((status) => status.type)).toEqual(['opening', 'failed', 'failed']);
    setUp.machine.isBusy = false;
    await vi.advanceTimersByTimeAsync(againMs[1]);
    expect(last()).toMatchObject({ type: 'live' });
    expect(seen.filter((status) => status.type === 'opening')).toHaveLength(1);
  });

  it('"try again" opens again', async () => {
    const setUp = createMachine(['Document']);
    setUp.machine.isBusy = true;
    const { camera, last, settle } = start(setUp);
    await settle();
    setUp.machine.isBusy = false;
    camera.retry();
    await settle();
    expect(last()).toMatchObject({ type: 'live' });
  });
});

describe('leaving', () => {
  it('stops the camera and listens no more', async () => {
    const setUp = createMachine(['Document']);
    const { camera, seen, settle } = start(setUp);
    await settle();
    camera.close();
    expect(setUp.machine.open.size).toBe(0);
    expect(setUp.listeners.size).toBe(0);
    const before = seen.length;
    setUp.machine.pull();
    await vi.advanceTimersByTimeAsync(reopenDelayMs * 2);
    expect(seen).toHaveLength(before);
  });

  it('a camera that answers only after the stage was left is stopped at once', async () => {
    const setUp = createMachine(['Document']);
    let letGo = (): void => {};
    setUp.machine.answer = new Promise<void>((resolve) => (letGo = resolve));
    const { camera, seen, settle } = start(setUp);
    await settle();
    camera.close();
    letGo();
    await settle();
    expect(setUp.machine.open.size).toBe(0);
    expect(seen.map((status) => status.type)).toEqual(['opening']);
  });
});
