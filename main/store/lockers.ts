// Locker cells as the books have them. The door is the locker's business; here stands whose papers lie behind it.
//
//   reserve ─▶ reserved ──door closed: confirm──▶ deposited ──collected or cleared: release──▶ released
//                  └──────never opened: cancel──▶ cancelled
//
// A reservation survives a crash: the door may have been open and papers may lie inside, so only a person or the door ends it.

import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import type { StoreContext } from './database.ts';
import { parsedOr } from './canonical.ts';
import { hmacHex } from './envelope.ts';
import type { StoreCode } from './failure.ts';
import { checkPayload, type InsertEvent } from './outbox.ts';
import type { Quarantine } from './quarantine.ts';
import { uuidV7 } from './uuid.ts';

export type CellUse = {
  cell: number;
  depositId: string;
  /** Absent where the papers came by a number that no case of this kiosk has. */
  caseId?: string;
  /** Of the receipt, or whatever number the papers came by. */
  receiptNumber: string;
  originals: string[];
  state: 'reserved' | 'deposited';
  sinceMs: number;
  keepUntilMs: number;
};

export type Lockers = {
  /**
   * Takes the first of `cells` that is free. `pickUpCode` (8 digits) is told once and kept as a keyed hash only; asked again before
   * the deposit is confirmed, the same cell comes back with a new code and the old code is void.
   */
  reserveCell(request: {
    cells: readonly number[];
    /** Absent: the case is not one of this kiosk's, and the number alone says whose papers they are. */
    caseId?: string | undefined;
    receiptNumber: string;
    /** Names of the papers, e.g. 租赁合同原件. */
    originals: readonly string[];
    keepUntilMs: number;
  }): Result<{ cell: number; depositId: string; pickUpCode: string }, StoreCode>;
  /** The door is closed on the papers: the books and the event for the centre commit together. Repeatable. */
  confirmDeposit(depositId: string, atMs: number): Result<void, StoreCode>;
  cancelDeposit(depositId: string): Result<void, StoreCode>;
  releaseCell(cell: number): Result<void, StoreCode>;
  cellsInUse(): CellUse[];
  /** The deposit that a typed pick-up code belongs to. The caller limits the tries. */
  depositByCode(pickUpCode: string): CellUse | undefined;
};

type Row = {
  deposit_id: string;
  cell: number;
  case_id: string;
  receipt_number: string;
  originals: string;
  code_salt: string;
  code_hash: string;
  state: 'reserved' | 'deposited' | 'cancelled' | 'released';
  reserved_ms: number;
  deposited_ms: number | null;
  keep_until_ms: number;
};

const codeDigits = 8;
/**
 * A cell holds the papers of one case (a unique index on `case_id`). Of a case that is not here the number stands in its place; an id of
 * a case has no colon.
 */
const numberPrefix = 'number:';
const keyOf = (caseId: string | undefined, number: string): string => caseId ?? `${numberPrefix}${number}`;
const caseOf = ({ case_id: key }: Pick<Row, 'case_id'>): { caseId?: string } =>
  key.startsWith(numberPrefix) ? {} : { caseId: key };

export const createLockers = (
  { db, clock, keys, transact }: StoreContext,
  events: { insertEvent: InsertEvent; nextSeq(): number },
  reportDamage: Quarantine['reportDamage'],
): Lockers => {
  const find = db.prepare<[string], Row>('SELECT * FROM deposits WHERE deposit_id = ?');
  const inUse = db.prepare<[], Row>("SELECT * FROM deposits WHERE state IN ('reserved', 'deposited') ORDER BY cell");
  const ofCase = db.prepare<[string], Row>(
    "SELECT * FROM deposits WHERE case_id = ? AND state IN ('reserved', 'deposited')",
  );
  const insert = db.prepare(
    `INSERT INTO deposits
       (deposit_id, cell, case_id, receipt_number, originals, code_salt, code_hash, state, reserved_ms, keep_until_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'reserved', ?, ?)`,
  );
  const renew = db.prepare<[string, string, string, number, string]>(
    'UPDATE deposits SET originals = ?, code_salt = ?, code_hash = ?, keep_until_ms = ? WHERE deposit_id = ?',
  );
  const deposit = db.prepare<[number, string]>(
    "UPDATE deposits SET state = 'deposited', deposited_ms = ? WHERE deposit_id = ?",
  );
  const end = db.prepare<['cancelled' | 'released', number, string]>(
    'UPDATE deposits SET state = ?, ended_ms = ? WHERE deposit_id = ?',
  );

  // Eight digits alone are guessed in no time, so the hash is keyed: without the machine key it says nothing.
  const hashOf = (salt: string, code: string): string => hmacHex(keys.pickUp, `${salt}|${code}`);

  /** Names of the papers. Where they cannot be read the cell is still known to be in use. */
  const originalsOf = (row: Row): string[] =>
    parsedOr(row.originals, () => {
      reportDamage({ where: `deposit ${row.deposit_id}`, reason: 'the names of its papers are no JSON' });
      return [];
    });

  const isCodeOf = (row: Row, code: string): boolean =>
    timingSafeEqual(Buffer.from(row.code_hash, 'hex'), Buffer.from(hashOf(row.code_salt, code), 'hex'));

  const newCode = (): { code: string; salt: string; hash: string } => {
    for (;;) {
      const code = String(randomInt(10 ** codeDigits)).padStart(codeDigits, '0');
      if (inUse.all().some((row) => isCodeOf(row, code))) continue;
      const salt = randomBytes(16).toString('hex');
      return { code, salt, hash: hashOf(salt, code) };
    }
  };

  const useOf = (row: Row): CellUse => ({
    cell: row.cell,
    depositId: row.deposit_id,
    ...caseOf(row),
    receiptNumber: row.receipt_number,
    originals: originalsOf(row),
    state: row.state === 'deposited' ? 'deposited' : 'reserved',
    sinceMs: row.deposited_ms ?? row.reserved_ms,
    keepUntilMs: row.keep_until_ms,
  });

  return {
    reserveCell: ({ cells, caseId, receiptNumber, originals, keepUntilMs }) =>
      transact((): Result<{ cell: number; depositId: string; pickUpCode: string }, StoreCode> => {
        const names = JSON.stringify(originals);
        const key = keyOf(caseId, receiptNumber);
        const earlier = ofCase.get(key);
        if (earlier?.state === 'deposited')
          return fail('alreadyDeposited', 'citizen', 'the papers of this case lie in a cell');
        const { code, salt, hash } = newCode();
        if (earlier) {
          renew.run(names, salt, hash, keepUntilMs, earlier.deposit_id);
          return ok({ cell: earlier.cell, depositId: earlier.deposit_id, pickUpCode: code });
        }
        const taken = new Set(inUse.all().map((row) => row.cell));
        const cell = cells.find((candidate) => !taken.has(candidate));
        if (cell === undefined) return fail('noFreeCell', 'hall', 'every cell is in use');
        const depositId = uuidV7(clock.now());
        insert.run(depositId, cell, key, receiptNumber, names, salt, hash, clock.now(), keepUntilMs);
        return ok({ cell, depositId, pickUpCode: code });
      }),
    confirmDeposit: (depositId, atMs) =>
      transact((): Result<void, StoreCode> => {
        const row = find.get(depositId);
        if (!row) return fail('notFound', 'system', 'there is no such deposit');
        if (row.state === 'deposited') return ok(undefined);
        if (row.state !== 'reserved') return fail('wrongState', 'system', `the deposit is ${row.state}`);
        const { caseId } = caseOf(row);
        const payload = {
          depositId,
          ...(caseId === undefined ? { number: row.receipt_number } : { caseId }),
          cell: String(row.cell),
          pickUpCodeHash: `hmac-sha256$${row.code_salt}$${row.code_hash}`,
          originals: originalsOf(row),
          closedAt: new Date(atMs).toISOString(),
        };
        const fits = checkPayload('locker.deposited', payload);
        if (!fits.ok) return fits;
        deposit.run(atMs, depositId);
        const seq = events.nextSeq();
        events.insertEvent({ seq, eventId: depositId, kind: 'locker.deposited', payload, occurredAtMs: atMs });
        return ok(undefined);
      }),
    cancelDeposit: (depositId) =>
      transact((): Result<void, StoreCode> => {
        const row = find.get(depositId);
        if (!row) return fail('notFound', 'system', 'there is no such deposit');
        if (row.state === 'cancelled') return ok(undefined);
        if (row.state !== 'reserved') return fail('wrongState', 'hall', `the deposit is ${row.state}`);
        end.run('cancelled', clock.now(), depositId);
        return ok(undefined);
      }),
    releaseCell: (cell) =>
      transact((): Result<void, StoreCode> => {
        const row = inUse.all().find((candidate) => candidate.cell === cell);
        if (!row) return fail('notFound', 'hall', `cell ${cell} is not in use`);
        end.run('released', clock.now(), row.deposit_id);
        return ok(undefined);
      }),
    cellsInUse: () => inUse.all().map(useOf),
    depositByCode(pickUpCode) {
      const row = inUse.all().find((candidate) => candidate.state === 'deposited' && isCodeOf(candidate, pickUpCode));
      return row && useOf(row);
    },
  };
};
