// A device as the host sees it, whatever the wire.

import type { z } from 'zod';
import type { Clock } from './clock.ts';
import type { DeviceIdentity, DeviceKind, DeviceStatus, FaultTable } from './status.ts';
import type { Failure, Result } from './result.ts';
import type { LinkType, Transport } from './transport.ts';
import type { TraceEntry } from './trace.ts';

export type ExecuteOptions = {
  /** Idempotency key: a repeated id gets the first result and the device is not touched again. */
  id: string;
  timeoutMs: number;
  signal?: AbortSignal;
};

export type CheckScope = 'internal' | 'external' | 'interactive';
export type CheckVerdict = { passed: boolean; code: string; detail: string };

/** One health check (UnifiedPOS CheckHealth). `interactive` checks ask `confirm` a question that a person answers. */
export type HealthCheck = {
  name: string;
  scope: CheckScope;
  title: { zh: string; en: string };
  run(ask: (question: { zh: string; en: string }) => Promise<boolean>): Promise<CheckVerdict>;
};

export type DeviceStatistics = Record<string, number>;

export type Device<Command = unknown, Reply = unknown, Notice = unknown> = {
  readonly id: string;
  readonly kind: DeviceKind;
  readonly transportName: string;
  readonly faultTexts: FaultTable;
  status(): DeviceStatus;
  /** Called on change only. The answer unsubscribes. */
  onStatus(listener: (status: DeviceStatus) => void): () => void;
  onNotice(listener: (notice: Notice) => void): () => void;
  identity(): DeviceIdentity;
  execute(command: Command, options: ExecuteOptions): Promise<Result<Reply>>;
  statistics(): DeviceStatistics;
  trace(): readonly TraceEntry[];
  readonly checks: readonly HealthCheck[];
  stop(): Promise<void>;
};

export type DeviceLog = (entry: {
  device: string;
  event: string;
  level: 'info' | 'warn' | 'error';
  detail?: Record<string, unknown>;
}) => void;

export type DeviceDependencies = {
  id: string;
  clock: Clock;
  log: DeviceLog;
  /** Made from the configured link by the composition root; tests hand in a memory transport. */
  transport: Transport;
  /** Results of commands that outlive the process (a ticket, an opened cell). Absent: kept in memory only. */
  commandMemory?: CommandMemory;
};

/** Durable answers by command id, so that a restart never acts twice. */
export type CommandMemory = {
  get(deviceId: string, commandId: string): Result<unknown> | 'begun' | undefined;
  begin(deviceId: string, commandId: string): void;
  finish(deviceId: string, commandId: string, result: Result<unknown>): void;
};

/** How a model shows itself on USB. udev rules are made from it; `confidence` says how sure the numbers are. */
export type UsbIdentity = {
  vendorId: number;
  productId: number;
  /** Which nodes it makes. */
  subsystem: 'tty' | 'hidraw' | 'usbmisc';
  model: string;
  confidence: 'verified' | 'singleSource' | 'fromMemory';
};

/**
 * A question to a port of which nobody knows what stands behind it. `ask` holds status questions only: no byte of it may open a
 * door or print, whatever device hears it (test/faults/probes.test.ts asks every simulator every question).
 */
export type Probe = {
  /** Tried in this order; ignored on links without a rate. */
  baudRates: readonly number[];
  ask: readonly Uint8Array[];
  /** How long the answer may take after each question. */
  waitMs: number;
  /** All that came since the first question; undefined: it is not this device, or not enough was heard yet. */
  recognise(heard: Uint8Array): DeviceIdentity | undefined;
};

/** One line of the registry: a driver, its settings and how to start it. */
export type DriverDefinition<Config = never, D extends Device = Device> = {
  driver: string;
  kind: DeviceKind;
  title: { zh: string; en: string };
  configSchema: z.ZodType<Config>;
  defaultBaudRate?: number;
  /** Links that it can stand on; empty: it finds its device itself (SANE, the network). */
  links: readonly LinkType[];
  usb?: readonly UsbIdentity[];
  /** Absent: the device says nothing unless a person does something, so nobody can ask who is there. */
  probe?: Probe;
  /** Real models it was tried on. Empty: simulators only. */
  triedOn: readonly string[];
  /** Names (`type`) of the commands it takes; one kind may have drivers for different jobs. */
  commands: readonly string[];
  start(config: Config, dependencies: DeviceDependencies): D;
  /**
   * A line of the wire trace in words, for the technician; undefined when the bytes say nothing known. `before`: the last line
   * that was sent before it, for answers that do not say what they answer.
   */
  explainTrace?(entry: TraceEntry, before?: TraceEntry): { zh: string; en: string } | undefined;
};

export type { Failure };
