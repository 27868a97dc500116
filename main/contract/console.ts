// What the manager's and the technician's consoles see.

import { z } from 'zod';
import type { BundleChannel, BundleRefusal, RefusedFile } from './bundles.ts';
import type { DeviceKind, DevicePlace, DeviceState, FaultView } from './devices.ts';
import type { Text } from './text.ts';

export const roles = ['citizen', 'manager', 'technician'] as const;
export type Role = (typeof roles)[number];

export const signInSchema = z.strictObject({
  account: z.string().regex(/^[a-z0-9._-]{2,32}$/),
  pin: z.string().regex(/^\d{6,12}$/),
});

export type SignedIn = { account: string; name: string; role: Exclude<Role, 'citizen'>; expiresAtMs: number };

export type ConsoleDevice = {
  id: string;
  kind: DeviceKind;
  driver: string;
  name: Text;
  link: string;
  /** Where it sits around the glass, for the plan. */
  place: DevicePlace;
  required: boolean;
  state: DeviceState;
  faults: FaultView[];
  sinceMs: number;
  identity: { model?: string; serialNumber?: string; firmware?: string; capabilities: string[] };
  statistics: Record<string, number>;
  checks: { name: string; scope: 'internal' | 'external' | 'interactive'; title: Text; last?: Verdict }[];
};

export type Verdict = { passed: boolean; code: string; detail: string; atMs: number; by: string };

/** A port of this machine, or a configured one that is not there. */
export type ConsolePort = {
  state: 'assigned' | 'unassigned' | 'missing';
  type: 'serial' | 'hid' | 'lp';
  /** The name to assign it by: one that stays where there is one. Unique in the list, but for devices that miss the same. */
  path: string;
  /** Maker, model and serial number, as the bus says them. */
  identity?: string;
  /** The device that has it, or misses it. */
  assignedTo?: string;
};

/** What may stand behind a port. `link`: what to configure or assign. */
export type PortSuggestion = { driver: string; kind: DeviceKind; title: Text; link: string; baudRate?: number };

/** What became of asking a port who is there. */
export type PortIdentity =
  /** `answered` a question, `spoke` by itself; or only its USB `numbers` or HID `usage` say so, and it answered nothing. */
  | {
      outcome: 'recognised' | 'named';
      confidence: 'answered' | 'spoke' | 'numbers' | 'usage';
      model?: string;
      suggestions: PortSuggestion[];
    }
  /** `heardBytes`: something came that no driver understands. */
  | { outcome: 'unknown'; asked: number; heardBytes: number }
  | { outcome: 'cannotOpen'; fault: FaultView }
  | { outcome: 'gone' | 'canceled' | 'assigned' };

export type IdentifyEvent =
  /** The first step only listens and names no driver. */
  | { type: 'progress'; step: number; of: number; title?: Text; baudRate?: number }
  | { type: 'result'; result: PortIdentity };

export type TraceLine = { atMs: number; direction: 'in' | 'out' | 'note'; label: string; hex: string; words?: Text };

export type ConsoleCell = {
  cell: number;
  label: string;
  door: 'open' | 'closed' | 'unknown';
  use?:
    | { purpose: 'deposit'; receipt: string; sinceMs: number; keepUntilMs: number }
    /** The centre had it put there; only the centre's list frees the cell, or the person who collects it. */
    | { purpose: 'result'; name: Text; keepUntilMs: number };
};

export type ConsoleDeadLetter = {
  seq: number;
  kind: string;
  reason: string;
  atMs: number;
  /** Of the case, so that staff can find the person. */
  receipt?: string;
  isDamaged: boolean;
};

/** Scans on their way, oldest first; the first ones by themselves. */
export type ConsoleTransfer = {
  /** Since there was last nothing to upload. */
  sentBytes: number;
  totalBytes: number;
  bytesPerSec?: number;
  /** At that rate. */
  leftMs?: number;
  /** The cap of this moment. */
  capKbps?: number;
  scans: {
    id: string;
    receipt?: string;
    bytes: number;
    sentBytes: number;
    state: 'sending' | 'waiting' | 'failed';
    failure?: FaultView;
    attempts?: number;
    nextTryMs?: number;
  }[];
};

export type ConsoleOutbox = {
  isOnline: boolean;
  depth: number;
  oldestMs?: number;
  lastSentMs?: number;
  nextTryMs?: number;
  circuit: 'closed' | 'open' | 'halfOpen';
  /** Refused by the centre (sent again on a manager's word), or damaged on this disk (kept for an engineer, never sent). */
  dead: ConsoleDeadLetter[];
  uploads: { pending: number; bytes: number };
  /** How far they are; `certificate`: this kiosk's own, with mutual TLS. */
  transfer: ConsoleTransfer;
  certificate?: { subject: string; expiresAtMs: number };
  offlineSinceMs?: number;
  lastFailure?: FaultView & { message: string; atMs: number };
  /**
   * Events that do not get through although the centre is there. `quarantined`: the disk was restored or cloned, a technician must
   * act; `stuck`: the centre fails at some events, they are tried again.
   */
  blocked?: { why: 'quarantined' | 'stuck'; events: number; sinceMs: number };
};

/** What came down from the centre. `expiredServes`: out of date and still used; `expiredRests`: out of date and not used. */
export type ConsoleBundles = {
  /** A root is configured; without one nothing is taken. */
  isOn: boolean;
  manifest?: { version: number; issuedAtMs: number; expiresAtMs: number; isExpired: boolean };
  channels: {
    channel: BundleChannel;
    state: 'none' | 'good' | 'expiredServes' | 'expiredRests';
    version?: number;
    issuedAtMs?: number;
    expiresAtMs?: number;
    lastRefusal?: { reason: BundleRefusal; atMs: number };
  }[];
  /** Refusals of the root and the manifest themselves, newest first. */
  fileRefusals: { file: RefusedFile; reason: BundleRefusal; atMs: number }[];
};

export type AuditLine = {
  seq: number;
  atMs: number;
  who: string;
  role: Role | 'system';
  act: string;
  detail: string;
  ok: boolean;
};

/** Pushed to consoles on every change. */
export type ConsoleView = {
  nowMs: number;
  hall: Text;
  version: string;
  startedAtMs: number;
  devices: ConsoleDevice[];
  ports: ConsolePort[];
  cells: ConsoleCell[];
  outbox: ConsoleOutbox;
  bundles?: ConsoleBundles;
  today: { sessions: number; cases: number; tickets: number; ratings: number };
  freeBytes: number;
  /** Below this no case is taken any more. */
  leastFreeBytes: number;
};

export const deviceIdSchema = z.string().min(1).max(60);
export const reasonSchema = z.string().trim().min(2).max(200);
