// What every ID card reader offers, whatever its protocol.

import type { Device } from '../kit/device.ts';

export type CardType = 'resident' | 'hmtPermit' | 'foreigner2017' | 'foreigner2023';

export type PhotoFormat = 'png' | 'jpeg' | 'bmp';

/** Fields as the card says them, trimmed. Dates are YYYY-MM-DD; `validTo` is undefined for 长期. */
export type IdCard = {
  type: CardType;
  name: string;
  nameLatin?: string;
  /** GB/T 2261.1: 1 male, 2 female, 0 unknown, 9 unspecified. */
  sex: '0' | '1' | '2' | '9';
  /** GB/T 3304 code and name; resident cards only. */
  ethnicity?: { code: string; name: string };
  birthDate: string;
  address?: string;
  number: string;
  issuer?: string;
  validFrom: string;
  validTo?: string;
  nationality?: string;
  permitNumber?: string;
  issueCount?: string;
  /** WLT data, opaque, or the picture that `photoDecoder` made of them; never persisted. */
  photo?: Uint8Array;
  /** What the photo is; absent: WLT data. */
  photoFormat?: PhotoFormat;
  /** Opaque; only with `handOverFingerprint`; never persisted. */
  fingerprint?: Uint8Array;
  /** The address that was appended after the card was printed; only with `withNewestAddress`, and absent when there is none. */
  newestAddress?: string;
};

export type IdCardCommand =
  /** Waits until a card was placed and read, or the deadline. */
  | { type: 'readCard' }
  /** Waits until the field is empty. */
  | { type: 'awaitRemoval' }
  | { type: 'readSamId' }
  | { type: 'selfTest' };

/** What a reader with a SAM module takes. */
export const samCapabilities: readonly IdCardCommand['type'][] = ['readCard', 'awaitRemoval', 'readSamId', 'selfTest'];

export type IdCardReply =
  | { type: 'card'; card: IdCard }
  | { type: 'removed' }
  | { type: 'samId'; samId: string }
  | { type: 'selfTestPassed' };

/** Progress for the screen's coaching. */
export type IdCardNotice =
  | { type: 'cardPresent' }
  | { type: 'readFailed'; reason: 'liftAndRetry' | 'unsupportedCard' | 'damagedData' }
  | { type: 'cardRemoved' };

export type IdCardReader = Device<IdCardCommand, IdCardReply, IdCardNotice>;
