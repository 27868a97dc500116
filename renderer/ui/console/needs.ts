// What needs a person now: one list made of faults, full disks, letters that the centre refused, originals that nobody took. Pure.
//
//   ConsoleView ─▶ needsOf ─▶ sorted: citizens are turned away first, then one's own work, then the oldest

import type { ConsoleDevice, ConsoleView, Role } from '../../../main/contract/console.ts';
import type { FaultView } from '../../../main/contract/devices.ts';

export const sections = ['devices', 'lockers', 'sync', 'audit', 'today'] as const;
export type Section = (typeof sections)[number];

/** `now`: citizens are turned away, or data is in danger. `soon`: before it comes to that. */
export type Urgency = 'now' | 'soon';

export type Need = {
  key: string;
  urgency: Urgency;
  who: 'hall' | 'engineer';
  section: Section;
  sinceMs?: number;
} & (
  | { type: 'fault'; device: ConsoleDevice; fault: FaultView }
  | { type: 'lowDisk'; freeBytes: number }
  | { type: 'deadLetters'; count: number }
  | { type: 'longOffline'; depth: number }
  | { type: 'quarantined'; count: number }
  | { type: 'certificate'; daysLeft: number }
  | { type: 'manifestExpired'; version: number }
  | { type: 'overdueCells'; labels: string[] }
  | { type: 'openDoors'; labels: string[] }
  | { type: 'auditBroken' }
);

/** A fault that the machine or a citizen should have ended by now is somebody's work after all. */
export const patienceMs = { system: 10 * 60_000, citizen: 2 * 60_000 } as const;
/** Without the centre for this long while something waits: not a hiccup any more. */
export const longOfflineMs = 10 * 60_000;

const dayMs = 24 * 60 * 60_000;
/** A new certificate takes those who give it out some weeks. */
export const certificateWarnMs = 30 * dayMs;

/** Who acts on a fault that stands since `sinceMs`; undefined while it may end by itself. */
const whoActs = ({ who }: FaultView, sinceMs: number, nowMs: number): Need['who'] | undefined => {
  switch (who) {
    case 'hall':
    case 'engineer':
      return who;
    case 'system':
      return nowMs - sinceMs >= patienceMs.system ? 'engineer' : undefined;
    case 'citizen':
      return nowMs - sinceMs >= patienceMs.citizen ? 'hall' : undefined;
    default:
      return who satisfies never;
  }
};

const isServing = ({ state }: ConsoleDevice): boolean =>
  state === 'online' || state === 'busy' || state === 'userError';

const faultNeeds = (view: ConsoleView, nowMs: number): Need[] =>
  view.devices.flatMap((device) =>
    device.faults.flatMap((fault): Need[] => {
      const who = whoActs(fault, device.sinceMs, nowMs);
      if (who === undefined) return [];
      return [
        {
          type: 'fault',
          key: `fault ${device.id} ${fault.code}`,
          urgency: device.required && !isServing(device) ? 'now' : 'soon',
          who,
          section: 'devices',
          sinceMs: device.sinceMs,
          device,
          fault,
        },
      ];
    }),
  );

const diskNeeds = ({ freeBytes, leastFreeBytes }: ConsoleView): Need[] => {
  if (freeBytes >= 2 * leastFreeBytes) return [];
  const urgency = freeBytes < leastFreeBytes ? 'now' : 'soon';
  return [{ type: 'lowDisk', key: 'lowDisk', urgency, who: 'engineer', section: 'today', freeBytes }];
};

const outboxNeeds = ({ outbox }: ConsoleView, nowMs: number): Need[] => {
  const needs: Need[] = [];
  if (outbox.dead.length > 0)
    needs.push({
      type: 'deadLetters',
      key: 'deadLetters',
      urgency: 'soon',
      who: 'hall',
      section: 'sync',
      sinceMs: Math.min(...outbox.dead.map(({ atMs }) => atMs)),
      count: outbox.dead.length,
    });
  if (outbox.blocked?.why === 'quarantined')
    needs.push({
      type: 'quarantined',
      key: 'quarantined',
      urgency: 'now',
      who: 'engineer',
      section: 'sync',
      sinceMs: outbox.blocked.sinceMs,
      count: outbox.blocked.events,
    });
  const certificateMs = outbox.certificate && outbox.certificate.expiresAtMs - nowMs;
  if (certificateMs !== undefined && certificateMs <= certificateWarnMs)
    needs.push({
      type: 'certificate',
      key: 'certificate',
      urgency: certificateMs <= 0 ? 'now' : 'soon',
      who: 'engineer',
      section: 'sync',
      daysLeft: Math.floor(certificateMs / dayMs),
    });
  const { oldestMs } = outbox;
  if (!outbox.isOnline && oldestMs !== undefined && nowMs - oldestMs >= longOfflineMs)
    needs.push({
      type: 'longOffline',
      key: 'longOffline',
      urgency: 'soon',
      who: 'engineer',
      section: 'sync',
      sinceMs: oldestMs,
      depth: outbox.depth,
    });
  return needs;
};

const bundleNeeds = ({ bundles }: ConsoleView): Need[] => {
  const manifest = bundles?.manifest;
  if (!manifest?.isExpired) return [];
  const { version, expiresAtMs: sinceMs } = manifest;
  // It goes on serving, but what has been published or revoked since is not known here.
  return [
    {
      type: 'manifestExpired',
      key: 'manifestExpired',
      urgency: 'soon',
      who: 'engineer',
      section: 'sync',
      sinceMs,
      version,
    },
  ];
};

const cellNeeds = ({ cells }: ConsoleView, nowMs: number): Need[] => {
  const needs: Need[] = [];
  const overdue = cells.filter(({ use }) => use !== undefined && use.keepUntilMs < nowMs);
  if (overdue.length > 0)
    needs.push({
      type: 'overdueCells',
      key: 'overdueCells',
      urgency: 'soon',
      who: 'hall',
      section: 'lockers',
      sinceMs: Math.min(...overdue.map(({ use }) => use?.keepUntilMs ?? nowMs)),
      labels: overdue.map(({ label }) => label),
    });
  const open = cells.filter(({ door }) => door === 'open');
  if (open.length > 0)
    needs.push({
      type: 'openDoors',
      key: 'openDoors',
      urgency: 'soon',
      who: 'hall',
      section: 'lockers',
      labels: open.map(({ label }) => label),
    });
  return needs;
};

const urgencyOrder: Record<Urgency, number> = { now: 0, soon: 1 };

/** Most urgent first; within that the work of `role` first, then what stands longest. */
export const needsOf = (
  view: ConsoleView,
  { nowMs, role, isAuditIntact }: { nowMs: number; role: Exclude<Role, 'citizen'>; isAuditIntact: boolean },
): Need[] => {
  const own: Need['who'] = role === 'manager' ? 'hall' : 'engineer';
  const needs: Need[] = [
    ...faultNeeds(view, nowMs),
    ...diskNeeds(view),
    ...outboxNeeds(view, nowMs),
    ...bundleNeeds(view),
    ...cellNeeds(view, nowMs),
  ];
  if (!isAuditIntact)
    needs.push({ type: 'auditBroken', key: 'auditBroken', urgency: 'now', who: 'engineer', section: 'audit' });
  return needs.sort(
    (a, b) =>
      urgencyOrder[a.urgency] - urgencyOrder[b.urgency] ||
      Number(b.who === own) - Number(a.who === own) ||
      (a.sinceMs ?? Infinity) - (b.sinceMs ?? Infinity) ||
      a.key.localeCompare(b.key),
  );
};
