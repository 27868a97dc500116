// Messages between the host and whoever started it (a shell). The shell keeps what must survive the host and die with the
// machine's power: the key of the running session and the window's credential.

import { z } from 'zod';

export const toHostSchema = z.discriminatedUnion('type', [
  /** First message. `session` is there when the host is started again under a live session. */
  z.object({
    type: z.literal('begin'),
    credential: z.string().min(32),
    port: z.int().min(0).max(65535),
    session: z.object({ sessionId: z.string(), keyBase64: z.string() }).optional(),
  }),
  /** A window is about to open the door with this one-time token. */
  z.object({ type: z.literal('admit'), token: z.string().min(32) }),
  z.object({ type: z.literal('stop') }),
]);
export type ToHost = z.infer<typeof toHostSchema>;

export const fromHostSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), origin: z.string(), port: z.int() }),
  z.object({ type: z.literal('admitted'), token: z.string() }),
  z.object({ type: z.literal('sessionBegan'), sessionId: z.string(), keyBase64: z.string() }),
  z.object({ type: z.literal('sessionEnded'), sessionId: z.string() }),
  /** Every two seconds; a host that is silent for twenty is killed and started again. */
  z.object({ type: z.literal('alive'), rssBytes: z.int() }),
  /** The host cannot work at all (wrong configuration, damaged store): starting again does not help. */
  z.object({ type: z.literal('cannotStart'), code: z.string(), message: z.string() }),
]);
export type FromHost = z.infer<typeof fromHostSchema>;
