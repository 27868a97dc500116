// What a citizen's screen may ask for. Every intent is checked by shape here and by the session's step in the journey machine;
// an intent that does not fit the step is ignored, so a double tap or a stale screen does no harm.

import { z } from 'zod';
import { languages, screenModes } from './text.ts';

const id = z.string().min(1).max(80);

/** A stroke of the hand signature: points as fractions of the pad, with milliseconds since the first touch. */
const strokeSchema = z.array(z.tuple([z.number(), z.number(), z.number()])).max(2000);

export const intentSchema = z.discriminatedUnion('type', [
  // anywhere
  z.strictObject({ type: z.literal('touch') }),
  z.strictObject({ type: z.literal('setLanguage'), language: z.enum(languages) }),
  z.strictObject({ type: z.literal('setMode'), mode: z.enum(screenModes) }),
  z.strictObject({ type: z.literal('back') }),
  z.strictObject({ type: z.literal('next') }),
  z.strictObject({ type: z.literal('goHome') }),
  /** End the visit: wipes at once. */
  z.strictObject({ type: z.literal('leave') }),
  /** "I am still here." */
  z.strictObject({ type: z.literal('extend') }),
  z.strictObject({ type: z.literal('callHelp') }),
  // home
  z.strictObject({ type: z.literal('search'), query: z.string().max(60) }),
  z.strictObject({ type: z.literal('openScene'), sceneId: id }),
  z.strictObject({ type: z.literal('showPage'), page: z.int().min(0).max(999) }),
  z.strictObject({ type: z.literal('openItem'), code: id }),
  z.strictObject({ type: z.literal('openQueue') }),
  /** A signed code is going to be shown: for a number, or for a locker cell. */
  z.strictObject({ type: z.literal('openToken'), purpose: z.enum(['appointment', 'pickUp']) }),
  /** The pick-up code of a receipt, typed. */
  z.strictObject({ type: z.literal('typeCode'), code: z.string().regex(/^\d{8}$/) }),
  // identify
  z.strictObject({ type: z.literal('retry') }),
  // form
  z.strictObject({
    type: z.literal('setField'),
    fieldId: id,
    /** Longer answers are taken and refused beside the field, so that nothing typed is lost without a word. */
    value: z.union([z.string().max(20_000), z.number(), z.boolean(), z.null()]),
  }),
  // materials
  z.strictObject({
    type: z.literal('openMaterial'),
    materialId: id,
    way: z.enum(['library', 'qr', 'camera', 'scanner']).optional(),
  }),
  z.strictObject({ type: z.literal('scanPage'), source: z.enum(['platen', 'feeder']) }),
  z.strictObject({ type: z.literal('removePage'), pageId: id }),
  z.strictObject({ type: z.literal('cancelCapture') }),
  z.strictObject({ type: z.literal('consentLibrary'), agreed: z.boolean() }),
  z.strictObject({ type: z.literal('finishMaterial') }),
  z.strictObject({
    type: z.literal('cameraState'),
    state: z.enum(['ready', 'missing', 'denied', 'lost']),
    label: z.string().max(200).optional(),
  }),
  // sign
  z.strictObject({
    type: z.literal('sign'),
    /** Digest that the page showed; refused when it is not the one of what stands to be signed. */
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    strokes: z.array(strokeSchema).min(1).max(200),
  }),
  // receipt and ticket
  z.strictObject({ type: z.literal('printAgain') }),
  /** Answer to "did the paper come out?" */
  z.strictObject({ type: z.literal('answerPrinted'), cameOut: z.boolean() }),
  z.strictObject({ type: z.literal('skipPrint') }),
  // locker
  z.strictObject({ type: z.literal('useLocker'), use: z.boolean() }),
  /** Answer to "is the door open?", where no sensor feels it. */
  z.strictObject({ type: z.literal('answerDoor'), isOpen: z.boolean() }),
  // rating
  z.strictObject({ type: z.literal('rate'), level: z.int().min(1).max(5), reasons: z.array(id).max(10) }),
  z.strictObject({ type: z.literal('skipRating') }),
  // queue
  z.strictObject({ type: z.literal('chooseBusiness'), code: id }),
  z.strictObject({
    type: z.literal('setPriority'),
    priority: z.enum(['none', 'elder', 'disabled', 'pregnant', 'soldier']),
  }),
  z.strictObject({ type: z.literal('takeNumber') }),
]);
export type Intent = z.infer<typeof intentSchema>;
export type IntentOf<T extends Intent['type']> = Extract<Intent, { type: T }>;
