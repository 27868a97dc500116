// Staff accounts: who may sign in and how often they failed. PIN hashes are made and checked by the caller (argon2id).

import type { Role } from '../contract/console.ts';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import type { StoreContext } from './database.ts';
import type { StorageCode, StoreCode } from './failure.ts';

export type Account = {
  account: string;
  name: string;
  role: Exclude<Role, 'citizen'>;
  pinHash: string;
  /** Failed sign-ins in a row. */
  failures: number;
  /** 0 when not locked. */
  lockedUntilMs: number;
};

export type Staff = {
  /** Makes those accounts that are not there yet. Accounts that are there keep their PIN, failures and locks. */
  seedAccounts(accounts: readonly Pick<Account, 'account' | 'name' | 'role' | 'pinHash'>[]): Result<void, StorageCode>;
  account(account: string): Account | undefined;
  accounts(): Account[];
  /** One more failure in a row; `lockedUntilMs` when that locks the account. Answers with the failures so far. */
  noteSignInFailure(account: string, lockedUntilMs?: number): Result<number, StoreCode>;
  noteSignIn(account: string): Result<void, StoreCode>;
};

const columns = 'account, name, role, pin_hash AS pinHash, failures, locked_until_ms AS lockedUntilMs';

export const createStaff = ({ db, transact }: StoreContext): Staff => {
  const insert = db.prepare<[string, string, string, string]>(
    'INSERT OR IGNORE INTO staff (account, name, role, pin_hash) VALUES (?, ?, ?, ?)',
  );
  const find = db.prepare<[string], Account>(`SELECT ${columns} FROM staff WHERE account = ?`);
  const list = db.prepare<[], Account>(`SELECT ${columns} FROM staff ORDER BY account`);
  const bump = db
    .prepare<[number | null, string], number>(
      `UPDATE staff SET failures = failures + 1, locked_until_ms = coalesce(?, locked_until_ms)
       WHERE account = ? RETURNING failures`,
    )
    .pluck();
  const reset = db.prepare<[string]>('UPDATE staff SET failures = 0, locked_until_ms = 0 WHERE account = ?');
  const unknown = (account: string): Result<never, StoreCode> =>
    fail('notFound', 'hall', `there is no account ${account}`);

  return {
    seedAccounts: (accounts) =>
      transact(() => {
        for (const { account, name, role, pinHash } of accounts) insert.run(account, name, role, pinHash);
        return ok(undefined);
      }),
    account: (account) => find.get(account),
    accounts: () => list.all(),
    noteSignInFailure: (account, lockedUntilMs) =>
      transact((): Result<number, StoreCode> => {
        const failures = bump.get(lockedUntilMs ?? null, account);
        return failures === undefined ? unknown(account) : ok(failures);
      }),
    noteSignIn: (account) =>
      transact((): Result<void, StoreCode> => (reset.run(account).changes > 0 ? ok(undefined) : unknown(account))),
  };
};
