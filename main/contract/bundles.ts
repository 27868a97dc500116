// What comes down from the centre, as signed files: which channels there are, what a file looks like, what each channel carries.
// After The Update Framework in small: a root says whose signatures count, a manifest binds the versions of all channels together,
// a bundle carries one channel.
//
//   root (rotates, old and new threshold) ─▶ manifest (one a kiosk, expires in days) ─▶ bundles, by version, size and SHA-256
//
//   file       { "signed": base64 of the exact bytes, "signatures": [{ keyId, signature }] }
//   signature  Ed25519 over  hall-kiosk file 1 <role> 0x00 <exact bytes>
//   keyId      SHA-256 of the key's SubjectPublicKeyInfo (DER), hexadecimal: one key has one id, so none counts twice

import { z } from 'zod';
import { textSchema } from './text.ts';
import { tokenKeySchema } from './tokens.ts';

export const bundleChannels = [
  'catalogue',
  'configuration',
  'announcements',
  'pickUpCodes',
  'queueBlocks',
  'tokenKeys',
] as const;
export type BundleChannel = (typeof bundleChannels)[number];
export const isBundleChannel = (name: string): name is BundleChannel => bundleChannels.some((known) => known === name);

export const fileRoles = ['root', 'manifest', 'bundle'] as const;
export type FileRole = (typeof fileRoles)[number];

/** What stands before the bytes that are signed, without the zero byte that ends it: a signature of one role is none of another. */
export const signedFilePrefix = (role: FileRole): string => `hall-kiosk file 1 ${role}`;

/** The only version of files and payloads that there is; another one is refused by name, not by chance. */
export const fileFormat = 1;

/** Bytes of a whole file, above which nobody reads on. */
export const largestRootBytes = 64 * 1024;
export const largestManifestBytes = 32 * 1024;

export type ChannelRules = {
  largestBytes: number;
  /**
   * When the bundle has expired and nothing newer can be had: `serves` goes on (a hall without its catalogue is closed), `rests` is
   * not used any more (a stale notice or number block does harm).
   */
  afterExpiry: 'serves' | 'rests';
};
export const channelRules: Readonly<Record<BundleChannel, ChannelRules>> = {
  catalogue: { largestBytes: 4 * 1024 * 1024, afterExpiry: 'serves' },
  configuration: { largestBytes: 256 * 1024, afterExpiry: 'serves' },
  announcements: { largestBytes: 64 * 1024, afterExpiry: 'rests' },
  pickUpCodes: { largestBytes: 1024 * 1024, afterExpiry: 'rests' },
  queueBlocks: { largestBytes: 64 * 1024, afterExpiry: 'rests' },
  // Each key has a validity of its own.
  tokenKeys: { largestBytes: 64 * 1024, afterExpiry: 'serves' },
};

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const version = z
  .int()
  .min(1)
  .max(2 ** 47);
const moment = z.iso.datetime();
const kioskId = z.string().regex(/^[A-Za-z0-9-]{3,40}$/);
const hallCode = z.string().regex(/^[A-Za-z0-9-]{1,40}$/);

export const signedFileSchema = z.strictObject({
  signed: z.string().min(4),
  signatures: z
    .array(z.strictObject({ keyId: sha256, signature: z.string().length(88) }))
    .min(1)
    .max(16),
});
export type SignedFile = z.infer<typeof signedFileSchema>;

const roleSchema = z.strictObject({
  keyIds: z.array(sha256).min(1).max(16),
  /** So many different keys must have signed. */
  threshold: z.int().min(1).max(16),
});

const head = { format: z.literal(fileFormat), version, issuedAt: moment, expiresAt: moment };

export const rootSchema = z.strictObject({
  type: z.literal('root'),
  ...head,
  /** Key id to SubjectPublicKeyInfo, DER in base64. */
  keys: z.record(sha256, z.string().min(40).max(200)),
  roles: z.strictObject({ root: roleSchema, manifest: roleSchema, bundle: roleSchema }),
});
export type Root = z.infer<typeof rootSchema>;

const fileRef = {
  bytes: z
    .int()
    .min(1)
    .max(4 * 1024 * 1024),
  sha256,
};
export const manifestEntrySchema = z.strictObject({
  version,
  ...fileRef,
  /** Smaller files that make this version out of an earlier one. */
  deltas: z
    .array(z.strictObject({ base: version, ...fileRef }))
    .max(8)
    .optional(),
});
export type ManifestEntry = z.infer<typeof manifestEntrySchema>;

export const manifestSchema = z.strictObject({
  type: z.literal('manifest'),
  ...head,
  kioskId,
  /** Channels that a kiosk does not know are not for it. One that is absent stays as it is. */
  channels: z.record(z.string().regex(/^[a-z][A-Za-z]{1,39}$/), manifestEntrySchema),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** A piece of the base's text (from, length, in UTF-16 units), or new text. */
export const deltaStepSchema = z.union([z.tuple([z.int().min(0), z.int().min(1)]), z.string().min(1)]);
export type DeltaStep = z.infer<typeof deltaStepSchema>;

export const bundleSchema = z.strictObject({
  type: z.literal('bundle'),
  ...head,
  channel: z.string().max(40),
  /** Whom it is for. A file for another hall is nobody's here, however well it is signed. */
  audience: z.strictObject({
    kiosks: z.array(kioskId).max(5000).optional(),
    halls: z.array(hallCode).max(5000).optional(),
  }),
  payloadFormat: z.int().min(1),
  /** UTF-8 bytes and hash of the payload's text, of a delta's outcome. */
  payloadBytes: z
    .int()
    .min(1)
    .max(4 * 1024 * 1024),
  payloadSha256: sha256,
  /** The payload: JSON as text, so that what is hashed is what is read. */
  payload: z.string().min(1).optional(),
  base: z.strictObject({ version, payloadSha256: sha256 }).optional(),
  delta: z.array(deltaStepSchema).min(1).max(100_000).optional(),
});
export type Bundle = z.infer<typeof bundleSchema>;

const day = z.iso.date();

/** What each channel's payload looks like; catalogue and configuration are judged by their own loaders. */
export const announcementsSchema = z.strictObject({
  items: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
        text: z.strictObject({ zh: z.string().min(1).max(200), en: z.string().min(1).max(400) }),
        from: moment.optional(),
        until: moment.optional(),
      }),
    )
    .max(20),
});
export type Announcements = z.infer<typeof announcementsSchema>;

/**
 * A result that waits in a cell. The code itself is with the person: `hash` is SHA-256 of `salt|code`, hexadecimal. Eight digits are
 * typed; a QR code may hold 8 to 64 letters, digits and hyphens. `pickUpId` names one pick-up for ever: it is what is spent.
 */
export const pickUpCodesSchema = z.strictObject({
  codes: z
    .array(
      z.strictObject({
        pickUpId: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
        salt: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/),
        hash: sha256,
        cell: z.int().min(1).max(2000),
        name: textSchema,
        until: moment,
      }),
    )
    .max(2000),
  /** Codes, here or in an earlier bundle, that open nothing any more. */
  revoked: z.array(z.string().regex(/^[A-Za-z0-9-]{1,40}$/)).max(5000),
});
export type PickUpCodes = z.infer<typeof pickUpCodesSchema>;

/** Numbers that only this kiosk gives out, so that two kiosks without a network never print the same one. */
export const queueBlocksSchema = z.strictObject({
  blocks: z
    .array(
      z
        .strictObject({
          /** In the hall's own time zone. */
          day,
          prefix: z.string().regex(/^[A-Z]$/),
          from: z.int().min(1).max(99_999),
          to: z.int().min(1).max(99_999),
        })
        .refine(({ from, to }) => from <= to, 'a block begins before it ends'),
    )
    .max(500),
});
export type QueueBlocks = z.infer<typeof queueBlocksSchema>;

export const tokenKeysSchema = z.strictObject({ keys: z.array(tokenKeySchema).max(50) });
export type TokenKeys = z.infer<typeof tokenKeysSchema>;

/** Why a file is not taken. Staff see words for each; the centre hears it as `bundle.refused`. */
export const bundleRefusals = [
  'tooLarge',
  'tooSlow',
  'encoded',
  'missing',
  'notUtf8',
  'notJson',
  'tooDeep',
  'repeatedKey',
  'forbiddenKey',
  'badNumber',
  'badShape',
  'formatUnknown',
  'badSignature',
  'wrongType',
  'wrongKiosk',
  'wrongChannel',
  'wrongVersion',
  'rollback',
  'sameVersionOtherContents',
  'expired',
  'notYet',
  'sizeMismatch',
  'hashMismatch',
  'payloadMismatch',
  'wrongBase',
  'contentsInvalid',
] as const;
export type BundleRefusal = (typeof bundleRefusals)[number];

/** Which file was refused; `root` and `manifest` stand beside the channels. */
export type RefusedFile = BundleChannel | 'root' | 'manifest';

/** Paths at the centre. All are GET with the kiosk's key; the manifest answers 304 to its own ETag. */
export const bundlePaths = {
  root: (rootVersion: number) => `/v1/bundles/root/${rootVersion}`,
  manifest: (kiosk: string) => `/v1/bundles/manifest?kioskId=${encodeURIComponent(kiosk)}`,
  full: (channel: string, bundleVersion: number, kiosk: string) =>
    `/v1/bundles/file/${channel}/${bundleVersion}?kioskId=${encodeURIComponent(kiosk)}`,
  delta: (channel: string, bundleVersion: number, base: number, kiosk: string) =>
    `/v1/bundles/file/${channel}/${bundleVersion}/from/${base}?kioskId=${encodeURIComponent(kiosk)}`,
} as const;
