// Views of the case itself (form … rating) in every phase, for the gallery.

import type { Fixture } from './fixtures-case-base.ts';
import { endFixtures } from './fixtures-case-end.ts';
import { formFixtures, reviewFixtures } from './fixtures-case-form.ts';
import { materialsFixtures } from './fixtures-case-materials.ts';

export const caseFixtures: Fixture[] = [...formFixtures, ...materialsFixtures, ...reviewFixtures, ...endFixtures];
