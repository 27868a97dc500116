// What an inspector may carry away: who did what at this kiosk and how much of everything there was. Nothing of any citizen.

import { verifyChain, type AuditVerdict } from './audit-chain.ts';
import { countsOf, type StoreCounts } from './check.ts';
import type { Inspected } from './inspection.ts';

export type InspectorExport = {
  kioskId: string;
  epoch: string;
  exportedAt: string;
  counts: StoreCounts;
  days: { day: string; sessions: number; cases: number; tickets: number; ratings: number }[];
  items: { itemCode: string; state: string; cases: number }[];
  audit: {
    verdict: AuditVerdict;
    /** `hash` lets a line be compared with another copy of the log later. */
    lines: {
      seq: number;
      at: string;
      who: string;
      role: string;
      act: string;
      detail: string;
      ok: boolean;
      hash: string;
    }[];
  };
};

/**
 * The log carries no personal data by rule. Should a number of a person or a telephone have slipped into it all the same, its
 * middle does not leave the kiosk.
 */
const withoutNumbers = (text: string): string =>
  text.replaceAll(
    /\d{9,17}[\dXx]/g,
    (number) => `${number.slice(0, 3)}${'*'.repeat(number.length - 5)}${number.slice(-2)}`,
  );

/** `sinceMs`: lines and days from then on. */
export const exportForInspector = (file: Inspected, nowMs: number, sinceMs = 0): InspectorExport => {
  const { db, kioskId, epoch } = file;
  const sinceDay = new Date(sinceMs).toISOString().slice(0, 10);
  const days = db.prepare<{ day: string }, InspectorExport['days'][number]>(
    `SELECT day, sum(sessions) AS sessions, sum(cases) AS cases, sum(tickets) AS tickets, sum(ratings) AS ratings FROM (
       SELECT day, sessions, 0 AS cases, 0 AS tickets, 0 AS ratings FROM day_sessions
       UNION ALL SELECT day, 0, 1, 0, 0 FROM receipts
       UNION ALL SELECT day_key, 0, 0, 1, 0 FROM tickets
       UNION ALL SELECT day, 0, 0, 0, 1 FROM ratings)
     WHERE day >= $day GROUP BY day ORDER BY day`,
  );
  const items = db.prepare<[number], InspectorExport['items'][number]>(
    `SELECT item_code AS itemCode, state, count(*) AS cases FROM cases WHERE submitted_ms >= ?
     GROUP BY item_code, state ORDER BY item_code, state`,
  );
  type Row = {
    seq: number;
    at_ms: number;
    who: string;
    role: string;
    act: string;
    detail: string;
    ok: number;
    hash: string;
  };
  const lines = db.prepare<[number], Row>('SELECT * FROM audit WHERE at_ms >= ? ORDER BY seq').all(sinceMs);
  return {
    kioskId,
    epoch,
    exportedAt: new Date(nowMs).toISOString(),
    counts: countsOf(file),
    days: days.all({ day: sinceDay }),
    items: items.all(sinceMs),
    audit: {
      verdict: verifyChain(db, file),
      lines: lines.map(({ seq, at_ms: atMs, who, role, act, detail, ok, hash }) => ({
        seq,
        at: new Date(atMs).toISOString(),
        who: withoutNumbers(who),
        role,
        act,
        detail: withoutNumbers(detail),
        ok: ok === 1,
        hash,
      })),
    },
  };
};
