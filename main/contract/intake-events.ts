// What a kiosk tells the central intake API: every kind of event with its payload. The API itself stands in intake.ts.
//
// A kind that names scans (`case.submitted`, `case.materialAdded`, `case.signed`) is sent when they are uploaded. Nothing here changes
// once a kiosk somewhere may hold such a row; what is new comes as an optional field or as another kind.

import { z } from 'zod';
import { deviceKindSchema } from './devices.ts';

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
const sha256 = sha256Schema;
const uuid = z.uuid();
const time = z.iso.datetime();
const shortText = z.string().max(200);
const code = z.string().min(1).max(80);

export const applicantSchema = z.object({
  name: z.string(),
  idType: z.string(),
  idNumber: z.string(),
  /** How the identity was established. */
  verifiedBy: z.enum(['idCardReader']),
  address: z.string().optional(),
});

export const caseMaterialSchema = z.object({
  materialId: z.string(),
  name: z.string(),
  way: z.enum(['library', 'qr', 'camera', 'scanner']),
  /** Uploaded pages, in order. */
  pages: z.array(z.object({ sha256, bytes: z.int().min(1), mediaType: z.string() })),
  /** For `library`: consent given; `toBeFetched` when the library could not be reached. */
  licence: z
    .object({
      licenceType: z.string(),
      number: z.string().optional(),
      state: z.enum(['verified', 'toBeFetched']),
      consentAt: time,
    })
    .optional(),
  /** For `qr`: what was read. */
  code: z.string().optional(),
});

/** Steps of a journey whose times a case carries. */
export const caseSteps = ['guide', 'identify', 'form', 'materials', 'review', 'sign', 'submit'] as const;

/** The five groups of 办件 data, as far as they are known at the kiosk; what happens later the centre writes itself. */
export const caseDataSchema = z.object({
  /** 收件信息 */
  intake: z.object({
    channel: z.literal('kiosk'),
    itemName: shortText,
    applicantKind: z.enum(['person', 'enterprise']),
    /** 统一社会信用代码, where an agent acts for an enterprise. */
    creditCode: z.string().length(18).optional(),
    submittedAt: time,
  }),
  /** 办理过程信息: each step as it was entered, also a second time; nothing is filled in afterwards. */
  process: z
    .array(z.object({ step: z.enum(caseSteps), at: time }))
    .min(1)
    .max(200),
  /** The kiosk's clock was set during the visit: times stand as they were read, and their order is that of the list. */
  isClockChanged: z.boolean(),
  /** 特别程序信息: hearings, inspections and the like; none begins at a kiosk. */
  specialProcedures: z
    .array(z.object({ kind: code, reason: shortText, beganAt: time, endedAt: time.optional() }))
    .max(20),
  /** 申请材料信息 */
  materials: z
    .array(
      z.object({
        materialId: code,
        isRequired: z.boolean(),
        form: z.enum(['scan', 'licence', 'code']),
        pages: z.int().min(0).max(100),
        isOriginalKept: z.boolean(),
      }),
    )
    .max(100),
  /** 办理结果信息 */
  result: z.object({ state: z.literal('pending'), document: shortText, dueWorkingDays: z.int().min(0).max(1000) }),
});
export type CaseData = z.infer<typeof caseDataSchema>;

export const caseSubmittedSchema = z.object({
  caseId: uuid,
  receiptNumber: z.string(),
  itemCode: z.string(),
  catalogueVersion: z.int(),
  applicant: applicantSchema,
  form: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  materials: z.array(caseMaterialSchema),
  /** `digest` is the SHA-256 of what was signed (canonical JSON of item, applicant, form and materials); `image` is the drawn hand. */
  signature: z.object({ digest: sha256, imageSha256: sha256, signedAt: time }),
  submittedAt: time,
  /** Absent in cases of kiosks that did not collect it yet. */
  caseData: caseDataSchema.optional(),
});

export const ratingGivenSchema = z.object({
  ratingId: uuid,
  /** 一事一评 belongs to a case, 一次一评 to a visit. */
  caseId: uuid.optional(),
  visitId: uuid,
  itemCode: z.string().optional(),
  level: z.int().min(1).max(5),
  reasons: z.array(z.string()),
  channel: z.enum(['ratingPad', 'screen']),
  ratedAt: time,
});

export const queueTicketSchema = z.object({
  ticketId: uuid,
  number: z.string(),
  businessCode: z.string(),
  priority: z.string(),
  takenAt: time,
});

export const lockerDepositSchema = z.object({
  depositId: uuid,
  /** Absent where the papers came by a number (`number`) that no case of this kiosk has. */
  caseId: uuid.optional(),
  /** Receipt or case number of a signed deposit code. */
  number: code.optional(),
  cell: z.string(),
  /** Salted hash of the pick-up code; the code itself is on the paper only. */
  pickUpCodeHash: z.string(),
  originals: z.array(z.string()),
  closedAt: time,
});

export const helpCalledSchema = z.object({
  helpId: uuid,
  visitId: uuid,
  /** Step of the journey where help was asked for. */
  where: z.string(),
  calledAt: time,
});

/** A material handed in after the case was submitted (补正). The case came before it. */
export const materialAddedSchema = z.object({
  additionId: uuid,
  caseId: uuid,
  material: caseMaterialSchema.extend({
    materialId: code,
    name: shortText,
    pages: z.array(z.object({ sha256, bytes: z.int().min(1), mediaType: shortText })).max(100),
    licence: z
      .object({
        licenceType: code,
        number: shortText.optional(),
        state: z.enum(['verified', 'toBeFetched']),
        consentAt: time,
      })
      .optional(),
    code: z.string().max(4000).optional(),
  }),
  addedAt: time,
});

/** A further signature for a case, e.g. of a second person or on what was added. */
export const caseSignedSchema = z.object({
  signatureId: uuid,
  caseId: uuid,
  digest: sha256,
  imageSha256: sha256,
  signedAt: time,
});

export const paymentSettledSchema = z.object({
  paymentId: uuid,
  caseId: uuid,
  /** Fen, a hundredth of a yuan. */
  amountFen: z.int().min(0).max(100_000_000),
  currency: z.literal('CNY'),
  channel: z.enum(['wechat', 'alipay', 'unionpay', 'bankCard', 'digitalYuan', 'other']),
  /** `unknown`: the channel did not say in time; it is asked again, and nobody pays twice. */
  state: z.enum(['paid', 'refunded', 'unknown']),
  /** The channel's own number of the order. */
  orderNumber: code,
  settledAt: time,
});

export const lockerOpenedSchema = z.object({
  openingId: uuid,
  cell: shortText,
  by: z.enum(['depositor', 'collector', 'staff']),
  depositId: uuid.optional(),
  caseId: uuid.optional(),
  /** Why staff opened it. */
  reason: z.string().max(500).optional(),
  openedAt: time,
});

export const consultationFiledSchema = z.object({
  consultationId: uuid,
  type: z.enum(['consult', 'complain', 'suggest']),
  itemCode: code.optional(),
  text: z.string().min(1).max(4000),
  /** How to reach the person, if they want an answer. */
  contact: shortText.optional(),
  filedAt: time,
});

export const deviceChangedSchema = z.object({
  changeId: uuid,
  deviceId: code,
  kind: deviceKindSchema,
  state: z.enum(['starting', 'online', 'busy', 'offline', 'noDevice', 'hardwareError', 'userError', 'fraudAttempt']),
  fault: code.optional(),
  who: z.enum(['citizen', 'hall', 'engineer', 'system']).optional(),
  changedAt: time,
});

export const inspectionDoneSchema = z.object({
  inspectionId: uuid,
  /** Account of who looked. */
  by: shortText,
  results: z
    .array(z.object({ what: code, passed: z.boolean(), code: shortText, note: z.string().max(500).optional() }))
    .min(1)
    .max(100),
  inspectedAt: time,
});

/** Head of the audit log's chain: what was before it can no longer be changed without the centre knowing. */
export const auditHeadSchema = z.object({
  headId: uuid,
  seq: z.int().min(1),
  hash: sha256,
  notedAt: time,
});

export const incidentTypes = [
  'hostCrashed',
  'storeDamaged',
  'diskLow',
  'diskFull',
  'quarantined',
  'clockJumped',
  'bundleRefused',
  /** What the centre sends down has run out, and nothing newer came: held back, or forgotten. */
  'manifestExpired',
  'deviceFraud',
  /** A case did not meet a quality rule through the kiosk's own fault; `detail` is the rule. */
  'caseStopped',
] as const;

export const incidentReportedSchema = z.object({
  incidentId: uuid,
  type: z.enum(incidentTypes),
  /** For an engineer; nothing about a person. */
  detail: z.string().max(1000),
  at: time,
});

/** A signed code was used. The centre reconciles: of two kiosks that were offline only one can have been right. */
export const tokenSpentSchema = z.object({
  spendingId: uuid,
  tokenId: code,
  /** Id of the issuer's key. */
  issuer: code,
  purpose: z.enum(['appointment', 'pickUp', 'deposit']),
  subject: shortText,
  spentAt: time,
});

export const bundleRefusedSchema = z.object({
  refusalId: uuid,
  channel: code,
  version: z.int().min(0).optional(),
  reason: z.string().max(500),
  refusedAt: time,
});

export const eventPayloads = {
  'case.submitted': caseSubmittedSchema,
  'case.materialAdded': materialAddedSchema,
  'case.signed': caseSignedSchema,
  'payment.settled': paymentSettledSchema,
  'rating.given': ratingGivenSchema,
  'queue.ticketTaken': queueTicketSchema,
  'locker.deposited': lockerDepositSchema,
  'locker.opened': lockerOpenedSchema,
  'help.called': helpCalledSchema,
  'consultation.filed': consultationFiledSchema,
  'device.stateChanged': deviceChangedSchema,
  'inspection.done': inspectionDoneSchema,
  'audit.headNoted': auditHeadSchema,
  'incident.reported': incidentReportedSchema,
  'token.spent': tokenSpentSchema,
  'bundle.refused': bundleRefusedSchema,
} as const;
export type EventKind = keyof typeof eventPayloads;
export const eventKinds = Object.keys(eventPayloads) as [EventKind, ...EventKind[]];

/** The payload's field that names the act: two events that agree in it are the same act told twice. */
export const eventSubjects = {
  'case.submitted': 'caseId',
  'case.materialAdded': 'additionId',
  'case.signed': 'signatureId',
  'payment.settled': 'paymentId',
  'rating.given': 'ratingId',
  'queue.ticketTaken': 'ticketId',
  'locker.deposited': 'depositId',
  'locker.opened': 'openingId',
  'help.called': 'helpId',
  'consultation.filed': 'consultationId',
  'device.stateChanged': 'changeId',
  'inspection.done': 'inspectionId',
  'audit.headNoted': 'headId',
  'incident.reported': 'incidentId',
  'token.spent': 'spendingId',
  'bundle.refused': 'refusalId',
} as const satisfies Record<EventKind, string>;
