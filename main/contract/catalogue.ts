// The catalogue (事项目录): every service item and one-thing bundle as data. Journeys are built from it; no code knows an item.
// Vocabulary: item 事项 · bundle 一事联办 · lead 牵头部门 · material 材料 · library 电子证照库 · guide 办事指南.

import { z } from 'zod';
import { deviceKindSchema } from './devices.ts';
import { textSchema } from './text.ts';

export const departmentSchema = z.strictObject({ code: z.string().min(1), name: textSchema });

/** How a material can be handed over. Each item's order is the order of preference. */
export const materialWays = ['library', 'qr', 'camera', 'scanner'] as const;

/** Drawn pictures that screens have for materials. */
export const materialPictures = [
  'contract',
  'floorPlan',
  'certificate',
  'licence',
  'idCard',
  'form',
  'photo',
  'qrCode',
  'invoice',
  'household',
] as const;

export const materialSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-zA-Z0-9]*$/),
  name: textSchema,
  /** What exactly is wanted, in one sentence; never "other materials". */
  detail: textSchema,
  picture: z.enum(materialPictures),
  ways: z.array(z.enum(materialWays)).min(1),
  pages: z.strictObject({ min: z.int().min(1), max: z.int().min(1).max(20) }),
  required: z.boolean(),
  /** The paper original is handed in through a locker cell. */
  original: z.boolean(),
  /** Legal basis, as the guide names it. */
  basis: textSchema.optional(),
  /** The licence type in the library that stands for this material. */
  licenceType: z.string().optional(),
  /** For `qr`: a regular expression with named groups; `fills` maps group names to form fields. */
  code: z
    .strictObject({ pattern: z.string().min(1), example: z.string(), fills: z.record(z.string(), z.string()) })
    .optional(),
});
export type Material = z.infer<typeof materialSchema>;

export const fieldKinds = [
  'text',
  'personName',
  'citizenId',
  'phone',
  'uscc',
  'address',
  'number',
  'money',
  'date',
  'choice',
  'yesNo',
] as const;

/** What the identity card can fill in. */
export const prefillSources = [
  'card.name',
  'card.number',
  'card.sex',
  'card.birthDate',
  'card.address',
  'card.ethnicity',
  'card.validTo',
] as const;

export const fieldSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-zA-Z0-9]*$/),
  label: textSchema,
  kind: z.enum(fieldKinds),
  hint: textSchema.optional(),
  unit: textSchema.optional(),
  options: z.array(z.strictObject({ value: z.string(), label: textSchema })).optional(),
  prefill: z.enum(prefillSources).optional(),
  /** Departments that use the answer; shown small, so that people see why it is asked. */
  departments: z.array(z.string()).min(1),
});
export type FormField = z.infer<typeof fieldSchema>;

/** `schema` is JSON Schema 2020-12 over the fields' values (strings, numbers, booleans), with the formats citizen-id, uscc, cn-phone, date. */
export const formSchema = z.strictObject({
  schema: z.record(z.string(), z.unknown()),
  pages: z
    .array(z.strictObject({ id: z.string(), title: textSchema, fields: z.array(fieldSchema).min(1).max(5) }))
    .min(1),
});
export type Form = z.infer<typeof formSchema>;

export const itemSchema = z.strictObject({
  /** Code of the item in the municipal service item library; unique. */
  code: z.string().regex(/^[A-Z0-9-]{3,40}$/),
  kind: z.enum(['bundle', 'single']),
  name: textSchema,
  /** The official name where it differs from how people say it. */
  officialName: textSchema,
  scenes: z.array(z.string()).min(1),
  keywords: z.array(z.string()),
  lead: z.string(),
  departments: z.array(z.string()),
  applicant: z.enum(['person', 'agentOfEnterprise']),
  duration: z.strictObject({ workingDays: z.int().min(0), atKioskMinutes: z.int().min(1) }),
  fee: z.strictObject({ amountFen: z.int().min(0), note: textSchema.optional() }),
  conditions: z.array(textSchema).min(1),
  /** What happens after submission, in order. */
  nextSteps: z.array(textSchema).min(1),
  result: textSchema,
  /** Devices without which the item cannot be finished here. */
  needs: z.array(deviceKindSchema),
  /** Without a network: `accept` takes the case and sends it later; `unavailable` cannot be done. */
  offline: z.enum(['accept', 'unavailable']),
  materials: z.array(materialSchema),
  form: formSchema,
});
export type Item = z.infer<typeof itemSchema>;

/** Pictures that tiles have. */
export const scenePictures = ['shop', 'health', 'house', 'family', 'work', 'money', 'transport', 'culture'] as const;

export const sceneSchema = z.strictObject({
  id: z.string(),
  name: textSchema,
  picture: z.enum(scenePictures),
});

export const catalogueSchema = z.strictObject({
  version: z.int().min(1),
  departments: z.array(departmentSchema),
  scenes: z.array(sceneSchema).min(1),
  /** Codes of the items shown on the home screen, most used first, until there are counts of our own. */
  popular: z.array(z.string()),
  items: z.array(itemSchema).min(1),
});
export type Catalogue = z.infer<typeof catalogueSchema>;
