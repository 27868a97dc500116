// What a visit holds: each device from the first act there until the visit is over and its last act at it has ended (a ticket that is
// still being printed is waited for). Nobody else's command, a health check's or a console's, comes in between.

import type { Claim } from '../../../devices/kit/claim.ts';
import type { Device } from '../../../devices/kit/device.ts';
import { fail, type Result } from '../../../devices/kit/result.ts';
import type { HallDevice, HallDevices } from '../hall-devices.ts';

/** How long a visit waits for a device that staff are testing, or that still prints the last visit's ticket. */
export const holdTimeoutMs = 60_000;

/** A device as a visit may use it. */
export type HeldDevice = Pick<Device, 'status' | 'execute'>;

export type VisitHolds = {
  /** An act at the device begins; the answer ends it. */
  begin(entry: HallDevice): { device: HeldDevice; end(): void };
  /** The visit is over. */
  end(): void;
};

export const createVisitHolds = (devices: HallDevices): VisitHolds => {
  const holds = new Map<string, { claim: Promise<Result<Claim>>; acts: number; gone: AbortController }>();
  let isOver = false;

  const hold = (id: string) => {
    const known = holds.get(id);
    if (known) return known;
    const gone = new AbortController();
    const claim = devices.claim(id, 'visit', { timeoutMs: holdTimeoutMs, signal: gone.signal });
    const fresh = { claim, acts: 0, gone };
    holds.set(id, fresh);
    // Another act tries again.
    void claim.then((result) => {
      if (!result.ok && holds.get(id) === fresh) holds.delete(id);
    });
    return fresh;
  };

  const letGo = (id: string): void => {
    const held = holds.get(id);
    if (!held || held.acts > 0 || !isOver) return;
    holds.delete(id);
    held.gone.abort();
    void held.claim.then((result) => {
      if (result.ok) result.value.release();
    });
  };

  return {
    begin({ config: { id }, device }) {
      const held = hold(id);
      held.acts += 1;
      return {
        device: {
          status: () => devices.get(id)?.device.status() ?? device.status(),
          async execute(command, options) {
            if (isOver && !holds.has(id)) return fail('claimReleased', 'system', 'the visit is over');
            const claim = await hold(id).claim;
            if (!claim.ok) return claim;
            if (options.signal?.aborted) return fail('canceled', 'system', 'the act was cancelled');
            return claim.value.execute(command, options);
          },
        },
        end() {
          held.acts -= 1;
          letGo(id);
        },
      };
    },
    end() {
      isOver = true;
      for (const id of holds.keys()) letGo(id);
    },
  };
};
