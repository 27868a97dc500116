// A control channel described by data. No public protocol for the lamps and buttons of document cameras exists, so nothing about one is
// in the code.

import { z } from 'zod';
import { cameraModels, hidModelNames, serialModelNames } from './models.ts';
import { matchPattern, sendPattern } from './pattern.ts';

const sent = z.string().regex(sendPattern, 'hex bytes, LEVEL, SUM or XOR with one blank between them');
const heard = z.string().regex(matchPattern, 'hex bytes, ??, &NN, LEVEL, SUM or XOR with one blank between them');
const percent = z.number().min(0).max(100);

export const cameraProtocolSchema = z.strictObject({
  /** Sent once after the port was opened. */
  open: z.array(sent).default([]),
  lamp: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('switch'), on: z.array(sent).min(1), off: z.array(sent).min(1) }),
      z.strictObject({
        type: z.literal('steps'),
        /** One of them is 0, so that it can be switched off. */
        steps: z
          .array(z.strictObject({ level: percent, send: z.array(sent).min(1) }))
          .min(2)
          .max(20)
          .refine((steps) => steps.some(({ level }) => level === 0), 'no step switches it off'),
      }),
      z.strictObject({
        type: z.literal('level'),
        send: z.array(sent).min(1),
        /** What stands for the brightest. */
        max: z.int().min(1).max(255).default(255),
      }),
    ])
    .optional(),
  /** What the device answers to a lamp command. Without it nobody knows whether the lamp took it. */
  lampAnswer: heard.optional(),
  /** What the button sends; any of these. */
  shutter: z.array(heard).max(10).default([]),
  /** Presses so soon after the last one are the same press: contacts bounce. */
  bounceMs: z.int().min(0).max(5000).default(500),
  /** Serial only: a silence of this length ends what was not understood. */
  idleMs: z.int().min(5).max(1000).default(50),
  /** A question that the device answers by itself. */
  heartbeat: z
    .strictObject({ send: sent, expect: heard, everyMs: z.int().min(1000).max(60_000).default(10_000) })
    .optional(),
  /** HID only: written reports are filled with zeros to this length, the report number in front included. */
  reportLength: z.int().min(2).max(1025).default(9),
});

export type CameraProtocol = z.infer<typeof cameraProtocolSchema>;

const settings = <Name extends string>(names: readonly [Name, ...Name[]]) =>
  z
    .strictObject({
      /** One of the examples of models.ts. */
      model: z.enum(names).optional(),
      protocol: cameraProtocolSchema.optional(),
      /** A lamp that nobody sets for so long is switched off: it is hot, and it dazzles. */
      lampOffAfterMs: z.int().min(10_000).max(3_600_000).default(600_000),
    })
    .refine(
      ({ model, protocol }) => (model === undefined) !== (protocol === undefined),
      '“model”和“protocol”必须填一个，且只能填一个 / give either model or protocol',
    );

export const serialCameraConfigSchema = settings(serialModelNames);
export const hidCameraConfigSchema = settings(hidModelNames);

export type SerialCameraConfig = z.infer<typeof serialCameraConfigSchema>;
export type HidCameraConfig = z.infer<typeof hidCameraConfigSchema>;

/** The protocol that a configuration means: its own, or that of the example it names. */
export const protocolOf = ({ model, protocol }: SerialCameraConfig | HidCameraConfig): CameraProtocol => {
  if (protocol) return protocol;
  if (model) return cameraProtocolSchema.parse(cameraModels[model].protocol);
  throw new Error('a camera configuration without model and protocol passed its schema');
};
