// Quality rules of 办件 data, before a case is acknowledged: what the case library would send back tomorrow is said today, while the
// citizen stands here. A rule that fails is a fault of `journeyTroubles`, with words and who acts.
//
//   payload ─▶ each rule ─▶ first one that fails ─▶ the case is not taken, nothing is lost

import { checkUscc, isCitizenId, isForeignerCardNumber2017 } from '../../../kiosk-config/catalogue/formats.ts';
import type { Item } from '../../contract/catalogue.ts';
import type { caseSubmittedSchema } from '../../contract/intake.ts';
import type { z } from 'zod';

type Case = z.infer<typeof caseSubmittedSchema>;

export type QualityContext = {
  payload: Case;
  /** The item as it is offered now, if it is. */
  item: Item | undefined;
  catalogueVersion: number;
  /** What the person would have to sign for these contents. */
  digest: string;
  /** `YYYY-MM-DD` in the hall. */
  today: string;
};

export const qualityRules = {
  caseItemUnknown: ({ payload, item, catalogueVersion }) =>
    item?.code === payload.itemCode && payload.catalogueVersion === catalogueVersion,
  caseGroupMissing: ({ payload }) => payload.caseData !== undefined && payload.caseData.process.length > 0,
  caseNameMissing: ({ payload }) => payload.applicant.name.trim() !== '',
  caseIdNumber: ({ payload: { applicant }, today }) =>
    isCitizenId(applicant.idNumber, today) ||
    (applicant.idType !== 'resident' && isForeignerCardNumber2017(applicant.idNumber)),
  caseCreditCode({ payload }) {
    const { intake } = payload.caseData ?? {};
    if (intake?.creditCode !== undefined) return checkUscc(intake.creditCode).ok;
    return true;
  },
  caseMaterialsMissing: ({ payload, item }) =>
    (item?.materials ?? []).every(
      ({ id, required }) => !required || payload.materials.some((m) => m.materialId === id),
    ),
  caseMaterialUnasked: ({ payload, item }) =>
    payload.materials.every(({ materialId }) => item?.materials.some(({ id }) => id === materialId)),
  caseMaterialEmpty: ({ payload }) =>
    payload.materials.every(
      ({ pages, licence, code }) => pages.length > 0 || licence !== undefined || code !== undefined,
    ),
  caseTimes({ payload }) {
    const { process = [], isClockChanged = false } = payload.caseData ?? {};
    const times = [...process.map(({ at }) => at), payload.submittedAt];
    const isSignedBefore = payload.signature.signedAt <= payload.submittedAt;
    return isClockChanged || (isSignedBefore && times.every((at, index) => at >= (times[index - 1] ?? at)));
  },
  caseDigest: ({ payload, digest }) => payload.signature.digest === digest,
} as const satisfies Record<string, (context: QualityContext) => boolean>;
export type QualityRule = keyof typeof qualityRules;

const rules = Object.entries(qualityRules) as [QualityRule, (context: QualityContext) => boolean][];

/** The first rule that a case does not meet, or nothing. */
export const qualityFault = (context: QualityContext): QualityRule | undefined =>
  rules.find(([, isMet]) => !isMet(context))?.[0];
