// AES-256-GCM envelopes around everything personal that goes to disk. The additional data binds an envelope to its kiosk, install,
// row and kind, so that bytes moved to another row do not open. Version 2 binds plain columns of the row as well: a changed event
// id or time shows like a changed payload. Version 1, without them, is still opened.
//
//   version 1 byte (1 or 2) │ nonce 12 │ ciphertext n │ tag 16
//
//   machine key ─HKDF─▶ wrapping key ─▶ per-case data key ─▶ payload and scan chunks

import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { fail, ok, type Result } from '../../devices/kit/result.ts';

const plainVersion = 1;
const boundVersion = 2;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + nonceBytes;
export const keyBytes = 32;

/** What an envelope belongs to. `seq` is the outbox sequence, 0 for what stands outside it. */
export type Place = {
  seq: number;
  kind: string;
  /** Plain columns that must be those of the day it was sealed. */
  columns?: readonly (string | number | null)[];
};

/** A key that is used again and again is a `KeyObject`: Node.js looks bytes over at each use, which costs more than the sealing. */
export type SealKey = KeyObject | Uint8Array;

export type Sealer = {
  seal(key: SealKey, plain: Uint8Array, place: Place): Buffer;
  /** `tampered` for every reason an envelope may not open; never garbage. */
  open(key: SealKey, sealed: Uint8Array, place: Place): Result<Buffer, 'tampered'>;
};

/** Envelopes of one install. */
export const createSealer = (kioskId: string, epoch: string): Sealer => {
  const bind = ({ seq, kind, columns }: Place, version: number | undefined): Buffer => {
    const bound = version === boundVersion ? `|${JSON.stringify(columns)}` : '';
    return Buffer.from(`${kioskId}|${epoch}|${seq}|${kind}${bound}`, 'utf8');
  };
  return {
    seal(key, plain, place) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      const version = place.columns ? boundVersion : plainVersion;
      cipher.setAAD(bind(place, version));
      return Buffer.concat([Buffer.of(version), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open(key, sealed, place) {
      const refuse = (why: string): Result<Buffer, 'tampered'> =>
        fail('tampered', 'engineer', `the envelope of ${place.kind} in row ${place.seq} does not open: ${why}`);
      if (sealed.length < headBytes + tagBytes) return refuse('it is too short');
      const version = sealed[0];
      if (version !== plainVersion && !(version === boundVersion && place.columns))
        return refuse(`its version is ${version}`);
      const nonce = sealed.subarray(1, headBytes);
      const body = sealed.subarray(headBytes, sealed.length - tagBytes);
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
        decipher.setAAD(bind(place, version));
        decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
        return ok(Buffer.concat([decipher.update(body), decipher.final()]));
      } catch {
        return refuse('the tag does not match');
      }
    },
  };
};

/** Keys for each purpose, derived from the machine key, so that none is used for two things. */
export type Keys = { wrapping: KeyObject; outbox: KeyObject; pickUp: Buffer; audit: Buffer; check: Buffer };

export const deriveKeys = (machineKey: Uint8Array, epoch: string): Keys => {
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', machineKey, epoch, `hall-kiosk store: ${purpose}`, keyBytes));
  return {
    wrapping: createSecretKey(derive('wrapping')),
    outbox: createSecretKey(derive('outbox')),
    pickUp: derive('pickUp'),
    audit: derive('audit'),
    check: derive('check'),
  };
};

export const hmacHex = (key: Uint8Array, text: string): string =>
  createHmac('sha256', key).update(text, 'utf8').digest('hex');
