// Texts for people, in the two languages of the kiosk.

import { z } from 'zod';

export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

export const textSchema = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
export type Text = z.infer<typeof textSchema>;

/** Screen modes (适老化): `elder` has larger type and targets and fewer choices a page. */
export const screenModes = ['standard', 'elder'] as const;
export type ScreenMode = (typeof screenModes)[number];
