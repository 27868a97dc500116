// What a simulator process and whoever started it say to each other over the IPC channel of child_process.fork.

import { z } from 'zod';

const words = z.object({ zh: z.string(), en: z.string() });

export const knobFaceSchema = z.object({
  name: z.string(),
  title: words,
  /** Values to choose from, or a hint of what to type; absent when the knob takes nothing. */
  argument: z.union([z.array(z.string()), z.string()]).optional(),
  /** A fault of the cable, not of the device. */
  isOfLink: z.boolean().optional(),
});
export type KnobFace = z.infer<typeof knobFaceSchema>;

export const requestSchema = z.union([
  z.strictObject({
    id: z.int(),
    turn: z.strictObject({ knob: z.string(), argument: z.string().optional() }),
  }),
  z.strictObject({ id: z.int(), look: z.literal(true) }),
  z.strictObject({ id: z.int(), stop: z.literal(true) }),
]);
export type SimulatorRequest = z.infer<typeof requestSchema>;

export const messageSchema = z.union([
  z.object({
    ready: z.object({
      kind: z.string(),
      path: z.string(),
      knobs: z.array(knobFaceSchema),
      device: z.string().optional(),
    }),
  }),
  z.object({ id: z.int(), ok: z.literal(true), look: z.record(z.string(), z.unknown()).optional() }),
  z.object({ id: z.int(), ok: z.literal(false), error: z.string() }),
]);
export type SimulatorMessage = z.infer<typeof messageSchema>;
