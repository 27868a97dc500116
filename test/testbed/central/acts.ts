// What the kinds of events do: read once with the contract's schema, then decided over what the books held when the batch began and
// what earlier events of the batch added; the rows are written together at its end.
//
//   event ─▶ readAct ─┐
//                     ├─▶ createEffects: decide, one act after another ─▶ save
//   books ─▶ facts ───┘

import type { z } from 'zod';
import { eventPayloads, eventSubjects, type EventKind, type IntakeEvent } from '../../../main/contract/intake.ts';
import { allIn, type Transaction, type Value } from './books.ts';
import { joinQueue, queueLock } from './hall-queue.ts';
import { readSpendings, spendingColumns, type Spendings } from './spendings.ts';

type Payload<Kind extends EventKind> = z.infer<(typeof eventPayloads)[Kind]>;
export type Act = { [Kind in EventKind]: { kind: Kind; payload: Payload<Kind> } }[EventKind];
export type Refusal = { refused: string };

/** PostgreSQL keeps no text with a zero character in it. */
const zeroCharacter = /(?<!\\)(?:\\\\)*\\u0000/;

export const readAct = (event: IntakeEvent, text: string): Act | Refusal => {
  const checked = eventPayloads[event.kind].safeParse(event.payload);
  if (!checked.success) {
    const fields = checked.error.issues.map((issue) => issue.path.join('.').replaceAll('\0', ''));
    return { refused: `invalidPayload: ${fields.join(', ')}` };
  }
  if (zeroCharacter.test(text)) return { refused: 'invalidPayload: a zero character' };
  // The schema was that of the kind.
  return { kind: event.kind, payload: checked.data } as Act;
};

/** Cases and receipt numbers share so many locks: a batch must not use up the database's. */
const lockShares = 256;

const shareOf = (name: string): string => {
  let share = 0;
  for (let at = 0; at < name.length; at++) share = (share * 31 + name.charCodeAt(at)) % 65_521;
  return `case:${share % lockShares}`;
};

/** What no other batch may touch until this one is committed. */
export const locksOf = (act: Act): string[] => {
  switch (act.kind) {
    case 'case.submitted':
      return [shareOf(act.payload.caseId), shareOf(act.payload.receiptNumber)];
    case 'rating.given':
      return act.payload.caseId === undefined ? [] : [shareOf(act.payload.caseId)];
    case 'queue.ticketTaken':
      return [queueLock(act.payload.businessCode)];
    case 'token.spent':
      return [shareOf(act.payload.tokenId)];
    default:
      return [];
  }
};

/** Division code of Ezhou's Echeng district, head of every 办件编号 made here. */
const division = '420704';
const hallDays = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' });
const dayIn = (at: Date): string => hallDays.format(at).replaceAll('-', '');

type Scans = { pages: readonly { sha256: string; bytes: number }[]; images: readonly string[] };

const scansOf = (act: Act): Scans | undefined => {
  switch (act.kind) {
    case 'case.submitted':
      return {
        pages: act.payload.materials.flatMap(({ pages }) => pages),
        images: [act.payload.signature.imageSha256],
      };
    case 'case.materialAdded':
      return { pages: act.payload.material.pages, images: [] };
    case 'case.signed':
      return { pages: [], images: [act.payload.imageSha256] };
    default:
      return undefined;
  }
};

type Facts = {
  cases: Set<string>;
  receipts: Set<string>;
  rated: Set<string>;
  blobs: Map<string, number>;
  spendings: Spendings;
};

const factsFor = async (transaction: Transaction, kioskId: string, acts: readonly Act[]): Promise<Facts> => {
  const caseIds = acts.flatMap(({ payload }) =>
    'caseId' in payload && payload.caseId !== undefined ? [payload.caseId] : [],
  );
  const receipts = acts.flatMap((act) => (act.kind === 'case.submitted' ? [act.payload.receiptNumber] : []));
  const scans = acts.flatMap((act) => {
    const needed = scansOf(act);
    return needed ? [...needed.pages.map(({ sha256 }) => sha256), ...needed.images] : [];
  });
  const find = async (table: string, column: string, values: readonly string[]): Promise<Set<string>> => {
    const sql = (list: string): string => `SELECT ${column} AS found FROM ${table} WHERE ${column} IN (${list})`;
    return new Set((await allIn<{ found: string }>(transaction, sql, [], values)).map(({ found }) => found));
  };
  const blobs = await allIn<{ sha256: string; bytes: number }>(
    transaction,
    (list) => `SELECT sha256, bytes FROM blobs WHERE sha256 IN (${list})`,
    [],
    scans,
  );
  return {
    cases: await find('cases', 'case_id', caseIds),
    receipts: await find('cases', 'receipt_number', receipts),
    rated: await find('ratings', 'case_id', caseIds),
    spendings: await readSpendings(
      transaction,
      kioskId,
      acts.flatMap((act) => (act.kind === 'token.spent' ? [act.payload.tokenId] : [])),
    ),
    blobs: new Map(blobs.map(({ sha256, bytes }) => [sha256, bytes])),
  };
};

const columns = {
  cases: ['case_id', 'receipt_number', 'central_number', 'kiosk_id', 'item_code', 'received_at'],
  materials: ['case_id', 'material_id', 'way', 'pages'],
  ratings: ['rating_id', 'case_id', 'visit_id', 'level'],
  tickets: ['ticket_id', 'kiosk_id', 'number', 'business_code', 'day'],
  deposits: ['deposit_id', 'case_id', 'cell'],
  help_calls: ['help_id', 'visit_id', 'place'],
  token_spendings: spendingColumns,
  acts: ['kind', 'subject_id', 'kiosk_id', 'case_id', 'at'],
} as const;
type Table = keyof typeof columns;

export type Effects = {
  /** Does it, or says why not. A case gets its central number when the batch is saved. */
  decide(act: Act, onNumber: (centralNumber: string) => void): Refusal | undefined;
  save(): Promise<void>;
};

export const createEffects = async (
  transaction: Transaction,
  kioskId: string,
  at: Date,
  acts: readonly Act[],
): Promise<Effects> => {
  const facts = await factsFor(transaction, kioskId, acts);
  const rows = new Map<Table, Value[][]>();
  const heads: Value[][] = [];
  const joining = new Map<string, number>();
  const unnumbered: { row: Value[]; onNumber: (centralNumber: string) => void }[] = [];
  const add = (table: Table, ...row: Value[]): Value[] => {
    const added = rows.get(table);
    if (added) added.push(row);
    else rows.set(table, [row]);
    return row;
  };

  const missingScans = (act: Act): Refusal | undefined => {
    const needed = scansOf(act);
    if (!needed) return undefined;
    const missing =
      needed.pages.filter(({ sha256, bytes }) => facts.blobs.get(sha256) !== bytes).length +
      needed.images.filter((sha256) => !facts.blobs.has(sha256)).length;
    return missing > 0 ? { refused: `missingPages: ${missing} scans are not here` } : undefined;
  };

  /** The kinds that the platform only keeps. */
  const note = ({ kind, payload }: Act, caseId?: string): void => {
    const subjects: Readonly<Record<string, unknown>> = payload;
    add('acts', kind, String(subjects[eventSubjects[kind]]), kioskId, caseId ?? null, at.toISOString());
  };

  const decide: Effects['decide'] = (act, onNumber) => {
    switch (act.kind) {
      case 'case.submitted': {
        const { caseId, receiptNumber, itemCode, materials } = act.payload;
        if (facts.cases.has(caseId)) return { refused: 'caseReused: this case came in another event' };
        if (facts.receipts.has(receiptNumber))
          return { refused: 'receiptReused: another case has this receipt number' };
        const missing = missingScans(act);
        if (missing) return missing;
        facts.cases.add(caseId);
        facts.receipts.add(receiptNumber);
        const row = add('cases', caseId, receiptNumber, '', kioskId, itemCode, at.toISOString());
        unnumbered.push({ row, onNumber });
        for (const { materialId, way, pages } of materials) add('materials', caseId, materialId, way, pages.length);
        return undefined;
      }
      case 'rating.given': {
        const { ratingId, caseId, visitId, level } = act.payload;
        if (caseId !== undefined && facts.rated.has(caseId)) return { refused: 'alreadyRated: one case, one rating' };
        if (caseId !== undefined) facts.rated.add(caseId);
        add('ratings', ratingId, caseId ?? null, visitId, level);
        return undefined;
      }
      case 'queue.ticketTaken': {
        const { ticketId, number, businessCode, takenAt } = act.payload;
        add('tickets', ticketId, kioskId, number, businessCode, dayIn(new Date(takenAt)));
        joining.set(businessCode, (joining.get(businessCode) ?? 0) + 1);
        return undefined;
      }
      case 'locker.deposited':
        // Of a case that came another way the event has a number; which case that is, the platform's own books say.
        add('deposits', act.payload.depositId, act.payload.caseId ?? '', act.payload.cell);
        return undefined;
      case 'help.called':
        add('help_calls', act.payload.helpId, act.payload.visitId, act.payload.where);
        return undefined;
      case 'case.materialAdded':
      case 'case.signed':
      case 'payment.settled': {
        const { caseId } = act.payload;
        if (!facts.cases.has(caseId)) return { refused: 'unknownCase: the case of this event was not taken' };
        const missing = missingScans(act);
        if (missing) return missing;
        note(act, caseId);
        return undefined;
      }
      case 'locker.opened':
        note(act, act.payload.caseId);
        return undefined;
      case 'audit.headNoted':
        heads.push([kioskId, act.payload.seq, act.payload.hash, act.payload.notedAt]);
        note(act);
        return undefined;
      case 'consultation.filed':
      case 'device.stateChanged':
      case 'inspection.done':
      case 'incident.reported':
      case 'bundle.refused':
        note(act);
        return undefined;
      case 'token.spent': {
        const spending = facts.spendings.take(act.payload);
        if ('refused' in spending) return spending;
        add('token_spendings', ...spending.row);
        note(act);
        return undefined;
      }
      default:
        return act satisfies never;
    }
  };

  /** Numbers of one day follow each other; a row of the day is held from here to the commit, so it is the last thing asked for. */
  const giveNumbers = async (): Promise<void> => {
    if (unnumbered.length === 0) return;
    const day = dayIn(at);
    const taken = await transaction.get<{ last: number }>(
      `INSERT INTO numbers (day, last) VALUES (?, ?)
       ON CONFLICT (day) DO UPDATE SET last = numbers.last + excluded.last RETURNING last`,
      day,
      unnumbered.length,
    );
    if (!taken) throw new Error('no central number was given');
    let number = taken.last - unnumbered.length;
    for (const { row, onNumber } of unnumbered) {
      number += 1;
      const centralNumber = `${division}-${day}-${String(number).padStart(6, '0')}`;
      row[columns.cases.indexOf('central_number')] = centralNumber;
      onNumber(centralNumber);
    }
  };

  return {
    decide,
    async save() {
      for (const [code, people] of joining) await joinQueue(transaction, code, people, at.getTime());
      // The same head may be told again; another hash at its place is a fork, and both stay.
      for (const head of heads)
        await transaction.run('INSERT INTO audit_heads VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING', ...head);
      await giveNumbers();
      for (const [table, added] of rows) await transaction.insert(table, columns[table], added);
    },
  };
};
