import { describe, expect, test } from 'vitest';
import type { ConsoleDevice, ConsoleView } from '../../../main/contract/console.ts';
import type { FaultView, Who } from '../../../main/contract/devices.ts';
import { longOfflineMs, needsOf, patienceMs } from './needs.ts';

const nowMs = Date.UTC(2026, 10, 22, 6, 0, 0);
const words = { zh: '字', en: 'words' };

const fault = (code: string, who: Who): FaultView => ({ code, who, what: words, todo: words });

const device = (id: string, change: Partial<ConsoleDevice> = {}): ConsoleDevice => ({
  id,
  kind: 'ticket-printer',
  driver: 'escpos',
  name: words,
  link: 'serial /dev/ttyUSB0',
  place: { edge: 'bottom', at: 0.5, label: words },
  required: true,
  state: 'online',
  faults: [],
  sinceMs: nowMs - 60_000,
  identity: { capabilities: [] },
  statistics: {},
  checks: [],
  ...change,
});

const view = (change: Partial<ConsoleView> = {}): ConsoleView => ({
  nowMs,
  hall: words,
  version: '0.1.0',
  startedAtMs: nowMs,
  devices: [],
  ports: [],
  cells: [],
  outbox: {
    isOnline: true,
    depth: 0,
    circuit: 'closed',
    dead: [],
    uploads: { pending: 0, bytes: 0 },
    transfer: { sentBytes: 0, totalBytes: 0, scans: [] },
  },
  today: { sessions: 0, cases: 0, tickets: 0, ratings: 0 },
  freeBytes: 10_000,
  leastFreeBytes: 1000,
  ...change,
});

const keysOf = (shown: ConsoleView, role: 'manager' | 'technician' = 'manager', isAuditIntact = true): string[] =>
  needsOf(shown, { nowMs, role, isAuditIntact }).map(({ key }) => key);

test('a kiosk where all is well needs nobody', () => {
  expect(keysOf(view({ devices: [device('printer')] }))).toEqual([]);
});

describe('order', () => {
  const paper = device('printer', { faults: [fault('paperLow', 'hall')], sinceMs: nowMs - 9000 });
  const dead = device('card', { state: 'hardwareError', faults: [fault('broken', 'engineer')], sinceMs: nowMs - 1000 });
  const spare = device('pad', {
    state: 'noDevice',
    required: false,
    faults: [fault('gone', 'hall')],
    sinceMs: nowMs - 90_000,
  });

  test('a required device that is down comes before all that still works, whoever acts', () => {
    expect(keysOf(view({ devices: [paper, dead, spare] }))).toEqual([
      'fault card broken',
      'fault pad gone',
      'fault printer paperLow',
    ]);
  });
  test('of the same urgency, one’s own work comes first, then the oldest', () => {
    const broken = { ...dead, required: false };
    const shown = view({ devices: [paper, broken, spare] });
    expect(keysOf(shown, 'manager')).toEqual(['fault pad gone', 'fault printer paperLow', 'fault card broken']);
    expect(keysOf(shown, 'technician')).toEqual(['fault card broken', 'fault pad gone', 'fault printer paperLow']);
  });
  test('a broken audit chain stands among the urgent', () => {
    expect(keysOf(view({ devices: [paper] }), 'manager', false)).toEqual(['auditBroken', 'fault printer paperLow']);
  });
});

describe('what may end by itself is nobody’s work yet', () => {
  const standing = (who: Who, forMs: number): string[] =>
    keysOf(view({ devices: [device('x', { faults: [fault('f', who)], sinceMs: nowMs - forMs })] }));
  test('a retry of the machine, until it took too long', () => {
    expect(standing('system', patienceMs.system - 1)).toEqual([]);
    expect(standing('system', patienceMs.system)).toEqual(['fault x f']);
  });
  test('a citizen’s card, until nobody took it', () => {
    expect(standing('citizen', patienceMs.citizen - 1)).toEqual([]);
    expect(standing('citizen', patienceMs.citizen)).toEqual(['fault x f']);
  });
});

test('a disk is told of before cases are refused, and urgently when they are', () => {
  const urgency = (freeBytes: number): (string | undefined)[] =>
    needsOf(view({ freeBytes }), { nowMs, role: 'manager', isAuditIntact: true }).map((need) => need.urgency);
  expect(urgency(2000)).toEqual([]);
  expect(urgency(1999)).toEqual(['soon']);
  expect(urgency(999)).toEqual(['now']);
});

test('dead letters count once, since the oldest', () => {
  const dead = [5000, 9000].map((ago, seq) => ({
    seq,
    kind: 'case.submitted',
    reason: 'bad',
    atMs: nowMs - ago,
    isDamaged: false,
  }));
  const [need] = needsOf(view({ outbox: { ...view().outbox, dead } }), { nowMs, role: 'manager', isAuditIntact: true });
  expect(need).toMatchObject({ type: 'deadLetters', count: 2, sinceMs: nowMs - 9000 });
});

test('being offline is told of only when something waits for long', () => {
  const offline = (oldestMs: number | undefined): string[] =>
    keysOf(
      view({
        outbox: { ...view().outbox, isOnline: false, depth: 1, ...(oldestMs === undefined ? {} : { oldestMs }) },
      }),
    );
  expect(offline(undefined)).toEqual([]);
  expect(offline(nowMs - longOfflineMs + 1)).toEqual([]);
  expect(offline(nowMs - longOfflineMs)).toEqual(['longOffline']);
});

test('originals past their time and doors left open are named by what stands on the doors', () => {
  const use = { purpose: 'deposit' as const, receipt: 'R1', sinceMs: 0, keepUntilMs: nowMs - 1 };
  const cells = [
    { cell: 1, label: 'A1', door: 'closed' as const, use },
    { cell: 2, label: 'A2', door: 'open' as const },
    { cell: 3, label: 'A3', door: 'closed' as const, use: { ...use, keepUntilMs: nowMs + 1 } },
  ];
  expect(needsOf(view({ cells }), { nowMs, role: 'manager', isAuditIntact: true })).toMatchObject([
    { type: 'overdueCells', labels: ['A1'] },
    { type: 'openDoors', labels: ['A2'] },
  ]);
});

test('a manifest that ran out is an engineer’s work, since its last day', () => {
  const bundles = (isExpired: boolean) => ({
    isOn: true,
    manifest: { version: 214, issuedAtMs: nowMs - 9000, expiresAtMs: nowMs - 2000, isExpired },
    channels: [],
    fileRefusals: [],
  });
  const needs = (isExpired: boolean) =>
    needsOf(view({ bundles: bundles(isExpired) }), { nowMs, role: 'technician', isAuditIntact: true });
  // What has run out the kiosk says, by a better clock than this one.
  expect(needs(false)).toEqual([]);
  expect(needs(true)).toMatchObject([
    { type: 'manifestExpired', urgency: 'soon', who: 'engineer', section: 'sync', sinceMs: nowMs - 2000 },
  ]);
});

test('a quarantine is urgent, and a certificate is told of thirty days before its end', () => {
  const outbox = view().outbox;
  const blocked = { why: 'quarantined', events: 3, sinceMs: nowMs - 5000 } as const;
  const [need] = needsOf(view({ outbox: { ...outbox, blocked } }), { nowMs, role: 'technician', isAuditIntact: true });
  expect(need).toMatchObject({ type: 'quarantined', urgency: 'now', who: 'engineer', count: 3 });
  const dayMs = 24 * 60 * 60_000;
  const urgencyAt = (days: number): (string | undefined)[] =>
    needsOf(view({ outbox: { ...outbox, certificate: { subject: 'CN=x', expiresAtMs: nowMs + days * dayMs } } }), {
      nowMs,
      role: 'technician',
      isAuditIntact: true,
    }).map(({ urgency }) => urgency);
  expect([urgencyAt(31), urgencyAt(30), urgencyAt(0)]).toEqual([[], ['soon'], ['now']]);
});
