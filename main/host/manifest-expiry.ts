// Makes known that the centre's manifest has run out and nobody brought a newer one: somebody holds it back, or the centre forgot. What
// is here goes on serving; the centre hears of each expiry once, whatever restarts.
//
//   serving.status().manifest ─(expired for a while)─▶ note and incident, in one transaction ─▶ outbox
//
// Whether it has run out says the time that bundles are judged by (main/bundles/trusted-time.ts), the same that the console shows.

import { steadyNow, type Clock } from '../../devices/kit/clock.ts';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import type { ConsoleBundles } from '../contract/console.ts';
import type { Store } from '../store/open.ts';

/**
 * An expiry that stands for so long is told. A kiosk that was switched off for a week finds the next manifest before, and a clock that
 * was set is put right by the next contact.
 */
export const expiryStandsMs = 5 * 60 * 1000;
const toldNote = 'manifestExpiryTold';

export type ManifestExpiryOptions = {
  store: Pick<Store, 'note' | 'setNote' | 'transact'>;
  clock: Clock;
  manifest(): ConsoleBundles['manifest'];
  /** The centre answered last time: the time is corrected by its clock. */
  isOnline(): boolean;
  /** Says whether the event is in the outbox; one that is not is told at a later look. */
  tell(detail: string): boolean;
  log(event: string, detail?: Record<string, unknown>): void;
};

export type ManifestExpiry = {
  /** About once a minute. */
  look(): void;
};

export const watchManifestExpiry = (options: ManifestExpiryOptions): ManifestExpiry => {
  const { store, clock, manifest, isOnline, tell, log } = options;
  let sinceMs: number | undefined;

  return {
    look() {
      const held = manifest();
      if (!held) {
        sinceMs = undefined;
        return;
      }
      const { version, expiresAtMs, isExpired } = held;
      const expiry = `${version}|${expiresAtMs}`;
      const isTold = store.note(toldNote) === expiry;
      if (!isExpired) {
        sinceMs = undefined;
        // A clock that ran ahead told of it too early. Only the centre's word says so: one that fell back at a start tells nothing twice.
        if (isTold && isOnline()) store.setNote(toldNote, '');
        return;
      }
      sinceMs ??= steadyNow(clock);
      if (isTold || steadyNow(clock) - sinceMs < expiryStandsMs) return;
      const expiredAt = new Date(expiresAtMs).toISOString();
      const told = store.transact((): Result<void> => {
        const noted = store.setNote(toldNote, expiry);
        if (!noted.ok) return noted;
        return tell(`manifest ${version} ran out at ${expiredAt}, and no newer one has come`)
          ? ok(undefined)
          : fail('notTold', 'system', 'the incident was not kept');
      });
      if (told.ok) log('manifestExpired', { version, expiredAt });
    },
  };
};
