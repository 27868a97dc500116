// Every call between screens and host. Roles stand on each procedure and are enforced by one middleware in the host.

import { eventIterator, oc, type } from '@orpc/contract';
import { z } from 'zod';
import {
  deviceIdSchema,
  reasonSchema,
  signInSchema,
  type AuditLine,
  type ConsoleView,
  type IdentifyEvent,
  type Role,
  type SignedIn,
  type TraceLine,
  type Verdict,
} from './console.ts';
import { intentSchema } from './intents.ts';
import type { View } from './view.ts';

/** `roles`: who may call. Citizens' calls work for everybody, since staff stand at the same screen. */
export type ProcedureMeta = { roles: readonly Role[] };

const base = oc.$meta<ProcedureMeta>({ roles: [] }).errors({
  FORBIDDEN: { message: 'This account may not do that' },
  /** `untilMs`: for `locked`, when the account opens again (host's clock). */
  REFUSED: { data: z.object({ code: z.string(), message: z.string(), untilMs: z.number().optional() }) },
});
const anyone = base.meta({ roles: ['citizen', 'manager', 'technician'] });
const staff = base.meta({ roles: ['manager', 'technician'] });
const manager = base.meta({ roles: ['manager'] });
const technician = base.meta({ roles: ['technician'] });

/** A picture travels as a Blob (binary on both transports). */
const pictureSchema = z.instanceof(Blob).refine((blob) => blob.size <= 12 * 1024 * 1024, 'at most 12 MB');

export const kioskContract = {
  session: {
    /** Pushes the current view at once and again on every change, until the caller leaves. */
    view: anyone.output(eventIterator(type<View>())),
    /**
     * `revision`: the view that the finger saw. An intent that was meant for an earlier screen (a double tap, a slow line) is
     * dropped. `accepted: false`: dropped, or it does not fit the step; nothing changed.
     */
    intent: anyone
      .input(z.strictObject({ intent: intentSchema, revision: z.int().min(0) }))
      .output(z.object({ accepted: z.boolean() })),
  },
  materials: {
    /** A page photographed by the document camera: a JPEG or PNG, already cropped in the page. */
    addPage: anyone
      .input(z.strictObject({ materialId: z.string().max(80), picture: pictureSchema }))
      .output(z.object({ pageId: z.string() })),
    page: anyone.input(z.strictObject({ pageId: z.string().max(80) })).output(z.instanceof(Blob)),
  },
  staff: {
    signIn: anyone.input(signInSchema).output(type<SignedIn>()),
    signOut: staff.output(z.object({})),
    view: staff.output(eventIterator(type<ConsoleView>())),
    audit: staff
      .input(z.strictObject({ beforeSeq: z.int().optional(), limit: z.int().min(1).max(200) }))
      .output(type<{ lines: AuditLine[]; chainIntact: boolean }>()),
    /** Runs one health check; its verdict is stored. Interactive checks are answered with `answerCheck`. */
    check: staff
      .input(z.strictObject({ deviceId: deviceIdSchema, check: z.string().max(60) }))
      .output(
        eventIterator(
          type<
            | { type: 'question'; questionId: string; text: { zh: string; en: string } }
            | { type: 'verdict'; verdict: Verdict }
          >(),
        ),
      ),
    /** Tries to reach the centre at once instead of at the end of the pause. Audited. */
    sendNow: staff.output(z.object({})),
    answerCheck: staff.input(z.strictObject({ questionId: z.string().max(60), yes: z.boolean() })).output(z.object({})),
  },
  manager: {
    retryDeadLetter: manager.input(z.strictObject({ seq: z.int(), reason: reasonSchema })).output(z.object({})),
    /** Every one that can be sent again; damaged ones cannot. */
    retryDeadLetters: manager.input(z.strictObject({ reason: reasonSchema })).output(z.object({ retried: z.int() })),
    /** Opens a cell by hand; asks for the reason; audited. */
    openCell: manager
      .input(z.strictObject({ cell: z.int().min(1), reason: reasonSchema }))
      .output(z.object({ opened: z.boolean(), message: z.string() })),
    releaseCell: manager.input(z.strictObject({ cell: z.int().min(1), reason: reasonSchema })).output(z.object({})),
  },
  technician: {
    /** Ends a quarantine: this kiosk goes on counting under a new install id. Refused when the centre did not quarantine it. */
    renewInstall: technician.input(z.strictObject({ reason: reasonSchema })).output(z.object({})),
    assignPort: technician
      .input(z.strictObject({ deviceId: deviceIdSchema, path: z.string().min(1).max(300), reason: reasonSchema }))
      .output(z.object({})),
    /** Asks a port that no device has who is there: status questions only. Leaving the iterator cancels it. Audited. */
    identifyPort: technician
      .input(z.strictObject({ path: z.string().min(1).max(300) }))
      .output(eventIterator(type<IdentifyEvent>())),
    restartDevice: technician
      .input(z.strictObject({ deviceId: deviceIdSchema, reason: reasonSchema }))
      .output(z.object({})),
    trace: technician.input(z.strictObject({ deviceId: deviceIdSchema })).output(type<{ lines: TraceLine[] }>()),
  },
};
export type KioskContract = typeof kioskContract;
