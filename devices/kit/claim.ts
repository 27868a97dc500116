// One holder at a time: a citizen's visit, a technician's health check, a console's act. Who comes while another holds the device waits in
// a short queue with a deadline; whoever holds it gives it back, and from then on nothing of his reaches the device.
//
//   claim ─▶ free? ─yes─▶ held ─release / using─▶ next in the queue
//              └─no──▶ waits ─deadline, signal─▶ deviceInUse, canceled

import type { Clock } from './clock.ts';
import type { ExecuteOptions } from './device.ts';
import { fail, ok, type Result } from './result.ts';

export const claimQueueLimit = 4;

type Execute = (command: unknown, options: ExecuteOptions) => Promise<Result<unknown>>;

export type Claim = Disposable & {
  readonly holder: string;
  isHeld(): boolean;
  /** The device's `execute`; refused once the claim was given back. */
  execute: Execute;
  /** Idempotent. What is still under way is cancelled. */
  release(): void;
};

export type ClaimFailure = 'deviceInUse' | 'canceled';

export type Claims = {
  /** Who holds the device now. */
  holder(): string | undefined;
  claim(holder: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<Result<Claim, ClaimFailure>>;
};

type Waiting = { holder: string; settle(result: Result<Claim, ClaimFailure>): void };

/** `execute` is looked up at every command: a device that was assigned to another port is another object. */
export const createClaims = (clock: Clock, execute: Execute): Claims => {
  let current: Claim | undefined;
  const queue: Waiting[] = [];

  const grant = (holder: string): Claim => {
    const end = new AbortController();
    const claim: Claim = {
      holder,
      isHeld: () => current === claim,
      execute(command, options) {
        if (current !== claim)
          return Promise.resolve(fail('claimReleased', 'system', `${holder} gave the device back`));
        const signal = options.signal ? AbortSignal.any([options.signal, end.signal]) : end.signal;
        return execute(command, { ...options, signal });
      },
      release() {
        if (current !== claim) return;
        current = undefined;
        end.abort();
        grantNext();
      },
      [Symbol.dispose]() {
        claim.release();
      },
    };
    current = claim;
    return claim;
  };

  const grantNext = (): void => {
    const next = current ? undefined : queue.shift();
    if (next) next.settle(ok(grant(next.holder)));
  };

  const inUse = () => fail('deviceInUse' as const, 'system', `the device is held by ${current?.holder ?? 'others'}`);

  return {
    holder: () => current?.holder,
    claim(holder, { timeoutMs, signal }) {
      if (signal?.aborted) return Promise.resolve(fail('canceled', 'system', 'the caller gave up'));
      if (!current) return Promise.resolve(ok(grant(holder)));
      if (queue.length >= claimQueueLimit) return Promise.resolve(inUse());
      const { promise, resolve } = Promise.withResolvers<Result<Claim, ClaimFailure>>();
      const give = (result: Result<Claim, ClaimFailure>): void => {
        const index = queue.indexOf(waiting);
        if (index < 0) return;
        queue.splice(index, 1);
        waiting.settle(result);
      };
      const onAbort = (): void => give(fail('canceled', 'system', 'the caller gave up'));
      const stopDeadline = clock.after(timeoutMs, () => give(inUse()));
      const waiting: Waiting = {
        holder,
        settle(result) {
          stopDeadline();
          signal?.removeEventListener('abort', onAbort);
          resolve(result);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      queue.push(waiting);
      return promise;
    },
  };
};
