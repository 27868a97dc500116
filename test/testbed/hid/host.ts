// The host's part of the virtual HID bus: drivers from the registry on unmodified node-hid, in a process under umockdev's preload.
// Forked by testbed.ts and told what to do by it.

import { readdir, readlink } from 'node:fs/promises';
import { systemClock, type Clock } from '../../../devices/kit/clock.ts';
import type { Device } from '../../../devices/kit/device.ts';
import { createHidTransport, loadHid } from '../../../devices/kit/transports/hid.ts';
import { registry } from '../../../devices/registry.ts';
import type { HostMessage, HostRequest } from './messages.ts';

const devices = new Map<string, Device>();
const logs = new Map<string, string[]>();

const say = (message: HostMessage): void => {
  if (process.connected) process.send?.(message);
};

const deviceOf = (name: string): Device => {
  const device = devices.get(name);
  if (!device) throw new Error(`there is no device "${name}"`);
  return device;
};

/** A clock that runs so many times faster, for campaigns in which a device's waits would fill the day. */
const clockOf = (factor: number): Clock => ({
  now: () => systemClock.now() * factor,
  after: (delayMs, act) => systemClock.after(delayMs / factor, act),
});

const start = ({ device: name, driver, config, link, clockFactor }: HostRequest & { type: 'start' }): void => {
  const definition = registry.find((candidate) => candidate.driver === driver);
  if (!definition) throw new Error(`there is no driver "${driver}"`);
  logs.set(name, []);
  const device = definition.start(definition.configSchema.parse(config), {
    id: name,
    clock: clockOf(clockFactor),
    log: ({ event, detail }) => void logs.get(name)?.push(`${event} ${JSON.stringify(detail ?? {})}`),
    transport: createHidTransport(link),
  });
  devices.set(name, device);
  device.onStatus((status) => say({ type: 'status', device: name, status }));
  say({ type: 'status', device: name, status: device.status() });
};

const openNodes = async (): Promise<number> => {
  const folder = '/proc/self/fd';
  const targets = await Promise.all(
    (await readdir(folder)).map((name) => readlink(`${folder}/${name}`).catch(() => '')),
  );
  return targets.filter((target) => target.startsWith('/dev/pts/')).length;
};

const obey = async (request: HostRequest): Promise<unknown> => {
  switch (request.type) {
    case 'list':
      return (await loadHid()).devicesAsync();
    case 'start':
      return start(request);
    case 'execute': {
      const { device, command, commandId, timeoutMs } = request;
      return deviceOf(device).execute(command, { id: commandId, timeoutMs });
    }
    case 'check': {
      const check = deviceOf(request.device).checks.find(({ name }) => name === request.name);
      if (!check) throw new Error(`there is no check "${request.name}"`);
      return check.run(async () => false);
    }
    case 'facts': {
      const device = deviceOf(request.device);
      const log = logs.get(request.device)?.splice(0) ?? [];
      const openFiles = (await readdir('/proc/self/fd')).length;
      return { status: device.status(), identity: device.identity(), statistics: device.statistics(), openFiles, log };
    }
    case 'openAndClose': {
      const opened = await createHidTransport(request.link).open();
      if (!opened.ok) return opened.error.code;
      await opened.value.close();
      return 'closed';
    }
    case 'openNodes':
      return openNodes();
    case 'stop':
      await deviceOf(request.device).stop();
      devices.delete(request.device);
      return undefined;
    default:
      request satisfies never;
      return undefined;
  }
};

process.on('message', (message: { id: number; request: HostRequest }) => {
  obey(message.request).then(
    (value) => say({ type: 'answer', id: message.id, value }),
    (error: unknown) => say({ type: 'failed', id: message.id, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
say({ type: 'ready' });
