import { describe, expect, it } from 'vitest';
import { caseSubmittedSchema } from '../../contract/intake.ts';
import { catalogue } from '../../journeys/test-world.ts';
import { journeyTroubles } from '../../journeys/words.ts';
import { qualityFault, qualityRules, type QualityContext, type QualityRule } from './case-quality.ts';

const [item] = catalogue.items;
const hash = 'a'.repeat(64);
const at = (minute: number): string => new Date(Date.UTC(2026, 10, 22, 3, minute)).toISOString();
const scan = { sha256: hash, bytes: 100, mediaType: 'image/jpeg' };

const good = (): QualityContext => ({
  item,
  catalogueVersion: 3,
  digest: hash,
  today: '2026-11-22',
  payload: caseSubmittedSchema.parse({
    caseId: '0190f3c0-0000-7000-8000-000000000001',
    receiptNumber: 'R-1',
    itemCode: 'SHOP-1',
    catalogueVersion: 3,
    applicant: { name: '张三', idType: 'resident', idNumber: '11010519491231002X', verifiedBy: 'idCardReader' },
    form: {},
    materials: [
      { materialId: 'notice', name: '名称预留通知书', way: 'qr', pages: [], code: 'N|小馆' },
      { materialId: 'lease', name: '租赁合同', way: 'camera', pages: [scan, scan] },
      {
        materialId: 'health',
        name: '健康证明',
        way: 'library',
        pages: [],
        licence: { licenceType: 'HEALTH', state: 'toBeFetched', consentAt: at(4) },
      },
    ],
    signature: { digest: hash, imageSha256: hash, signedAt: at(8) },
    submittedAt: at(9),
    caseData: {
      intake: { channel: 'kiosk', itemName: '我要开饭店', applicantKind: 'person', submittedAt: at(9) },
      process: [
        { step: 'guide', at: at(1) },
        { step: 'form', at: at(2) },
        { step: 'submit', at: at(9) },
      ],
      isClockChanged: false,
      specialProcedures: [],
      materials: [],
      result: { state: 'pending', document: '营业执照', dueWorkingDays: 5 },
    },
  }),
});

type Break = (context: QualityContext & { payload: NonNullable<QualityContext['payload']> }) => void;

const backwards: Break = ({ payload }) => {
  if (payload.caseData) payload.caseData.process = payload.caseData.process.toReversed();
};

/** For each rule, cases that are wrong in that and nothing else. */
const broken: Record<QualityRule, Break[]> = {
  caseItemUnknown: [
    (context) => (context.item = undefined),
    (context) => (context.payload.itemCode = 'SHOP-2'),
    (context) => (context.catalogueVersion = 4),
  ],
  caseGroupMissing: [
    ({ payload }) => delete payload.caseData,
    ({ payload }) => void (payload.caseData && (payload.caseData.process = [])),
  ],
  caseNameMissing: [({ payload }) => (payload.applicant.name = '  ')],
  caseIdNumber: [
    ({ payload }) => (payload.applicant.idNumber = '110105194912310021'),
    ({ payload }) => (payload.applicant.idNumber = ''),
    ({ payload }) => (payload.applicant.idNumber = 'ABC123456789012'),
    // Born tomorrow.
    (context) => (context.today = '1949-12-30'),
  ],
  caseCreditCode: [
    ({ payload }) => void (payload.caseData && (payload.caseData.intake.creditCode = '91350100M000100Y44')),
  ],
  caseMaterialsMissing: [({ payload }) => payload.materials.shift()],
  caseMaterialUnasked: [
    ({ payload }) => payload.materials.push({ materialId: 'other', name: '其他', way: 'camera', pages: [scan] }),
  ],
  caseMaterialEmpty: [({ payload }) => void (payload.materials[1] && (payload.materials[1].pages = []))],
  caseTimes: [
    backwards,
    ({ payload }) => (payload.submittedAt = at(0)),
    ({ payload }) => (payload.signature.signedAt = at(10)),
  ],
  caseDigest: [(context) => (context.digest = 'b'.repeat(64))],
};

describe('the quality of a case', () => {
  it('is good when nothing is wrong', () => {
    expect(qualityFault(good())).toBeUndefined();
  });

  it.each(Object.entries(broken).flatMap(([rule, breaks]) => breaks.map((spoil, index) => ({ rule, spoil, index }))))(
    '$rule is found ($index)',
    ({ rule, spoil }) => {
      const context = good();
      spoil(context);
      expect(qualityFault(context)).toBe(rule);
    },
  );

  it('takes the card of a foreigner with the number of 2017, and a code that fits', () => {
    const context = good();
    Object.assign(context.payload.applicant, { idType: 'foreigner2017', idNumber: 'ABC123456789012' });
    if (context.payload.caseData) context.payload.caseData.intake.creditCode = '91350100M000100Y43';
    expect(qualityFault(context)).toBeUndefined();
  });

  it('does not blame the citizen for a clock that was set during the visit', () => {
    const context = good();
    backwards(context);
    if (context.payload.caseData) context.payload.caseData.isClockChanged = true;
    expect(qualityFault(context)).toBeUndefined();
  });

  it('has words for every rule', () => {
    for (const rule of Object.keys(qualityRules)) expect(journeyTroubles[rule]).toBeDefined();
  });
});
