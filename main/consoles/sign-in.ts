// Staff sign in with an account and a PIN: argon2id, one answer for every kind of refusal, locked after failures, all audited.

import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import type { SignedIn } from '../contract/console.ts';
import type { Store } from '../store/open.ts';

export type SignInRules = { pinFailuresBeforeLock: number; lockMinutes: number; sessionMinutes: number };

/** Verified against when the account does not exist, so that the time of the answer tells nothing. */
let nobody: Promise<string> | undefined;
const hashOfNobody = (): Promise<string> => (nobody ??= hash(randomBytes(16).toString('hex')));

const minuteMs = 60_000;

export const signIn = async (
  store: Store,
  rules: SignInRules,
  now: number,
  credentials: { account: string; pin: string },
): Promise<Result<SignedIn, 'wrongPin' | 'locked'>> => {
  const found = store.account(credentials.account);
  const refuse = (detail: string): void => {
    store.audit({ who: credentials.account, role: 'system', act: 'signIn', detail, ok: false });
  };
  const locked = (untilMs: number): Result<never, 'locked'> => {
    refuse('locked');
    const minutes = Math.ceil((untilMs - now) / minuteMs);
    return fail('locked', 'hall', `the account is locked for ${minutes} more minutes`);
  };
  // Further away than a lock can be: the clock was set back meanwhile, and nobody would get in for years.
  const isLocked = (untilMs: number): boolean => untilMs > now && untilMs - now <= rules.lockMinutes * minuteMs;
  if (found && isLocked(found.lockedUntilMs)) return locked(found.lockedUntilMs);
  const isRight = await verify(found?.pinHash ?? (await hashOfNobody()), credentials.pin).catch(() => false);
  // Looked up again: others may have tried while this PIN was checked, and a burst must not get more tries than a row.
  const current = store.account(credentials.account);
  if (current && isLocked(current.lockedUntilMs)) return locked(current.lockedUntilMs);
  if (!found || !isRight) {
    if (current) {
      const willLock = current.failures + 1 >= rules.pinFailuresBeforeLock;
      store.noteSignInFailure(current.account, willLock ? now + rules.lockMinutes * minuteMs : undefined);
    }
    refuse('wrong account or PIN');
    return fail('wrongPin', 'hall', 'account or PIN is wrong');
  }
  store.noteSignIn(found.account);
  store.audit({ who: found.account, role: found.role, act: 'signIn', detail: '', ok: true });
  return ok({
    account: found.account,
    name: found.name,
    role: found.role,
    expiresAtMs: now + rules.sessionMinutes * minuteMs,
  });
};
