// Runs a device's health check for a console: its questions go to the person, its verdict into the store and the audit log.

import { randomUUID } from 'node:crypto';
import type { Role, Verdict } from '../contract/console.ts';
import type { Kiosk } from '../host/kiosk.ts';

export type CheckEvent =
  | { type: 'question'; questionId: string; text: { zh: string; en: string } }
  | { type: 'verdict'; verdict: Verdict };

export type Checks = {
  run(deviceId: string, check: string, by: { account: string; role: Role }): AsyncGenerator<CheckEvent>;
  answer(questionId: string, yes: boolean): void;
};

/** A question that nobody answers is answered "no": the check fails rather than hangs. */
const questionTimeoutMs = 120_000;

/** A check waits so long for a citizen's visit to give the device back. */
const claimTimeoutMs = 5000;

export const createChecks = (kiosk: Kiosk): Checks => {
  const open = new Map<string, (yes: boolean) => void>();
  return {
    async *run(deviceId, check, by) {
      const entry = kiosk.devices.get(deviceId);
      const found = entry?.device.checks.find(({ name }) => name === check);
      if (!found) return;
      const events: CheckEvent[] = [];
      let wake: () => void = () => undefined;
      const emit = (event: CheckEvent): void => {
        events.push(event);
        wake();
      };
      const asked: string[] = [];
      const ask = (text: { zh: string; en: string }): Promise<boolean> =>
        new Promise((resolve) => {
          const questionId = randomUUID();
          asked.push(questionId);
          const cancel = kiosk.clock.after(questionTimeoutMs, () => open.get(questionId)?.(false));
          open.set(questionId, (yes) => {
            cancel();
            open.delete(questionId);
            resolve(yes);
          });
          emit({ type: 'question', questionId, text });
        });
      const claim = await kiosk.devices.claim(deviceId, `check by ${by.account}`, { timeoutMs: claimTimeoutMs });
      if (!claim.ok) {
        // Nothing was checked: the person hears why, and the last verdict stands.
        const { code, message } = claim.error;
        const verdict: Verdict = { passed: false, code, detail: message, atMs: kiosk.clock.now(), by: by.account };
        yield { type: 'verdict', verdict };
        return;
      }
      const running = found
        .run(ask)
        .finally(() => claim.value.release())
        .catch((error: unknown) => ({ passed: false, code: 'checkFailed', detail: String(error) }))
        .then((outcome) => {
          const verdict: Verdict = { ...outcome, atMs: kiosk.clock.now(), by: by.account };
          kiosk.store.saveVerdict(deviceId, check, verdict);
          kiosk.store.audit({
            who: by.account,
            role: by.role,
            act: 'check',
            detail: `${deviceId} ${check}: ${outcome.passed ? 'passed' : outcome.code}`,
            ok: outcome.passed,
          });
          kiosk.reports.inspected(`${deviceId} ${check}`.slice(0, 80), verdict);
          emit({ type: 'verdict', verdict });
        });
      try {
        for (;;) {
          const event = events.shift();
          if (event) {
            yield event;
            if (event.type === 'verdict') return;
            continue;
          }
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      } finally {
        // The person left the console: an open question counts as "no".
        for (const questionId of asked) open.get(questionId)?.(false);
        await running;
      }
    },
    answer(questionId, yes) {
      open.get(questionId)?.(yes);
    },
  };
};
