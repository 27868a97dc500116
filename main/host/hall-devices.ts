// The hall's devices as the host keeps them: started from the configuration, reassigned to another port by a technician, watched.

import { createClaims, type Claim, type ClaimFailure, type Claims } from '../../devices/kit/claim.ts';
import type { Clock } from '../../devices/kit/clock.ts';
import type { CommandMemory, Device, DeviceLog, DriverDefinition } from '../../devices/kit/device.ts';
import { fail, type Result } from '../../devices/kit/result.ts';
import type { DeviceKind, DeviceStatus } from '../../devices/kit/status.ts';
import type { DeviceConfig } from '../../kiosk-config/schema.ts';
import { transportOf } from './transport-of.ts';

export type HallDevice = { config: DeviceConfig; device: Device; driver: DriverDefinition };

export type HallDevicesOptions = {
  configs: readonly DeviceConfig[];
  registry: readonly DriverDefinition[];
  clock: Clock;
  log: DeviceLog;
  commandMemory: CommandMemory;
  /** Ports that a technician assigned; they win over the file. */
  assignments: Readonly<Record<string, string>>;
};

export type HallDevices = {
  all(): readonly HallDevice[];
  get(id: string): HallDevice | undefined;
  /** The first configured device of a kind. */
  ofKind(kind: DeviceKind): HallDevice | undefined;
  /** The first configured device of a kind whose driver takes the command: one kind may have devices for different jobs. */
  ofCommand(kind: DeviceKind, command: string): HallDevice | undefined;
  onChange(listener: (changed: HallDevice) => void): () => void;
  /** Holds a device for a visit, a check or a console's act; over a reassignment too. */
  claim(
    id: string,
    holder: string,
    options: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<Result<Claim, ClaimFailure>>;
  reassign(id: string, path: string): Promise<void>;
  restart(id: string): Promise<void>;
  stop(): Promise<void>;
};

/** Ready for a citizen. `busy` is ours; `userError` is a citizen's act that the coaching explains. */
export const isAvailable = (status: DeviceStatus): boolean =>
  status.state === 'online' || status.state === 'busy' || status.state === 'userError';

/**
 * The device that a visit means by a kind. A passport swiper and a camera's lamp are document scanners too, but no page comes from
 * them.
 */
export const deviceForVisit = (devices: HallDevices, kind: DeviceKind): HallDevice | undefined =>
  kind === 'document-scanner' ? devices.ofCommand(kind, 'scanPage') : devices.ofKind(kind);

export const startHallDevices = (options: HallDevicesOptions): HallDevices => {
  const listeners = new Set<(changed: HallDevice) => void>();
  const assignments: Record<string, string> = { ...options.assignments };
  const devices = new Map<string, HallDevice>();

  const start = (config: DeviceConfig): void => {
    const driver = options.registry.find((candidate) => candidate.driver === config.driver);
    if (!driver) throw new Error(`no driver is called ${config.driver}`);
    const path = assignments[config.id];
    const own = config.link;
    const link = path && (own?.type === 'serial' || own?.type === 'lp') ? { ...own, path } : own;
    // The file was checked when it was loaded; parsing here fills in the driver's defaults.
    const settings = driver.configSchema.parse(config.settings);
    const device = driver.start(settings, {
      id: config.id,
      clock: options.clock,
      log: options.log,
      transport: transportOf(link, driver.defaultBaudRate ?? 9600),
      commandMemory: options.commandMemory,
    });
    const entry: HallDevice = { config: link ? { ...config, link } : config, device, driver };
    devices.set(config.id, entry);
    device.onStatus(() => {
      if (devices.get(config.id) === entry) for (const listener of listeners) listener(entry);
    });
  };

  const claims = new Map<string, Claims>();
  const claimsOf = (id: string): Claims => {
    const known = claims.get(id);
    if (known) return known;
    const fresh = createClaims(options.clock, async (command, how) => {
      const device = devices.get(id)?.device;
      return device ? device.execute(command, how) : fail('deviceNotReady', 'hall', 'no such device is configured');
    });
    claims.set(id, fresh);
    return fresh;
  };

  const startAgain = async (id: string): Promise<void> => {
    const entry = devices.get(id);
    const config = options.configs.find((candidate) => candidate.id === id);
    if (!entry || !config) return;
    await entry.device.stop();
    start(config);
    const fresh = devices.get(id);
    if (fresh) for (const listener of listeners) listener(fresh);
  };

  for (const config of options.configs) start(config);
  return {
    all: () => [...devices.values()],
    get: (id) => devices.get(id),
    ofKind: (kind) => [...devices.values()].find(({ config }) => config.kind === kind),
    ofCommand: (kind, command) =>
      [...devices.values()].find(({ config, driver }) => config.kind === kind && driver.commands.includes(command)),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    claim: (id, holder, waiting) => claimsOf(id).claim(holder, waiting),
    async reassign(id, path) {
      assignments[id] = path;
      await startAgain(id);
    },
    restart: startAgain,
    async stop() {
      await Promise.all([...devices.values()].map(({ device }) => device.stop()));
    },
  };
};
