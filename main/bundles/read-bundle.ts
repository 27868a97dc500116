// One bundle, from the bytes that came to a payload that may be tried: it is the file that the manifest names, signed, for this channel
// and this place, and its text is what its hash says, also when it was made of an earlier one.

import { ok, type Result } from '../../devices/kit/result.ts';
import {
  bundleSchema,
  channelRules,
  fileFormat,
  type Bundle,
  type BundleChannel,
  type BundleRefusal,
  type DeltaStep,
  type Root,
} from '../contract/bundles.ts';
import type { HeldBundle } from '../store/bundles.ts';
import { isSignedBy, openFile, readSigned, refuse, sha256Of } from './signed-file.ts';
import { parseStrictJson } from './strict-json.ts';
import { isTimely } from './trust.ts';
import type { Moment } from './trusted-time.ts';

/** Where this kiosk stands: a bundle names its kiosks or its halls. */
export type Place = { kioskId: string; hallCode?: string };

/** The text that the steps make of the base's, or nothing when they do not fit it or make more than was said. */
export const applyDelta = (base: string, steps: readonly DeltaStep[], largestBytes: number): string | undefined => {
  const parts: string[] = [];
  let length = 0;
  for (const step of steps) {
    if (typeof step !== 'string' && step[0] + step[1] > base.length) return undefined;
    const part = typeof step === 'string' ? step : base.slice(step[0], step[0] + step[1]);
    length += part.length;
    // A few steps that copy everything again and again would fill the memory.
    if (length > largestBytes) return undefined;
    parts.push(part);
  }
  return parts.join('');
};

const isForUs = ({ audience }: Bundle, { kioskId, hallCode }: Place): boolean =>
  (audience.kiosks?.includes(kioskId) ?? false) ||
  (hallCode !== undefined && (audience.halls?.includes(hallCode) ?? false));

const payloadOf = (bundle: Bundle, held: HeldBundle | undefined): Result<string, BundleRefusal> => {
  const { payload, base, delta } = bundle;
  if (payload !== undefined && !base && !delta) return ok(payload);
  if (payload !== undefined || !base || !delta) return refuse('badShape', 'neither whole nor a delta');
  if (!held || held.version !== base.version || held.payloadSha256 !== base.payloadSha256)
    return refuse('wrongBase', `made for version ${base.version}, which is not what is here`);
  const made = applyDelta(held.payload, delta, bundle.payloadBytes);
  return made === undefined ? refuse('wrongBase', 'the steps do not fit the base') : ok(made);
};

/** The file to come, by the manifest; for a delta also the whole file that it stands for. */
export type Wanted = {
  channel: BundleChannel;
  version: number;
  bytes: number;
  sha256: string;
  wholeSha256: string;
};

export type ReadBundle = { held: HeldBundle; value: unknown };

export const readBundle = (
  root: Root,
  bytes: Uint8Array,
  wanted: Wanted,
  context: { place: Place; now: Moment; held?: HeldBundle },
): Result<ReadBundle, BundleRefusal> => {
  const { channel } = wanted;
  if (bytes.length !== wanted.bytes) return refuse('sizeMismatch', `${bytes.length} bytes instead of ${wanted.bytes}`);
  if (sha256Of(bytes) !== wanted.sha256) return refuse('hashMismatch', 'not the file that the manifest names');
  const file = openFile(bytes, channelRules[channel].largestBytes);
  if (!file.ok) return file;
  if (!isSignedBy(file.value, root, 'bundle')) return refuse('badSignature', 'not enough bundle keys signed it');
  const read = readSigned(file.value, 'bundle', bundleSchema);
  if (!read.ok) return read;
  const bundle = read.value;
  if (bundle.channel !== channel) return refuse('wrongChannel', `this file is for ${bundle.channel}`);
  if (bundle.version !== wanted.version) return refuse('wrongVersion', `this file is version ${bundle.version}`);
  if (!isForUs(bundle, context.place)) return refuse('wrongKiosk', 'this file is for another place');
  const untimely = isTimely(bundle, context.now);
  if (untimely) return untimely;
  if (bundle.payloadFormat !== fileFormat)
    return refuse('formatUnknown', `contents of format ${bundle.payloadFormat} need newer software`);
  const payload = payloadOf(bundle, context.held);
  if (!payload.ok) return payload;
  if (Buffer.byteLength(payload.value) !== bundle.payloadBytes || sha256Of(payload.value) !== bundle.payloadSha256)
    return refuse('payloadMismatch', 'the contents are not what their hash says');
  const value = parseStrictJson(payload.value);
  if (!value.ok) return value;
  const { version, payloadSha256 } = bundle;
  return ok({
    held: {
      channel,
      version,
      issuedAtMs: Date.parse(bundle.issuedAt),
      expiresAtMs: Date.parse(bundle.expiresAt),
      fileSha256: wanted.wholeSha256,
      payloadSha256,
      payload: payload.value,
    },
    value: value.value,
  });
};
