// What a travel-document swiper offers: one document, read by a person's hand, checked before anybody sees it.

import type { Device } from '../../kit/device.ts';

export type SwipeCommand =
  /** Waits until a document is swiped whole and all its check digits are right. */
  { type: 'readDocument' };

/** The three layouts of ICAO Doc 9303: cards (3 × 30), larger cards (2 × 36), passports (2 × 44). */
export type DocumentFormat = 'TD1' | 'TD2' | 'TD3';

/**
 * What the machine-readable zone says. Type, issuer, nationality, sex and names stand under no check digit of the standard: show
 * them to the person. Dates are `YYYY-MM-DD`; the zone has two digits of the year (see `centuries` in mrz.ts).
 */
export type TravelDocument = {
  format: DocumentFormat;
  /** Document code without fillers: `P`, `PO`, `I`, `AC`. */
  type: string;
  /** Issuing state or organisation, one to three letters: `CHN`, `UTO`, `D`. */
  issuer: string;
  number: string;
  nationality: string;
  /** Absent when the document itself leaves day, month or year open (`<<`). */
  birthDate?: string;
  expiryDate?: string;
  sex: 'female' | 'male' | 'unspecified';
  surname: string;
  /** Empty when the document has one name only. */
  givenNames: string;
  /** The name field is full to its last character: the rest may have been cut off by the issuer. */
  areNamesCut: boolean;
};

export type DocumentField =
  | 'type'
  | 'issuer'
  | 'documentNumber'
  | 'nationality'
  | 'birthDate'
  | 'sex'
  | 'expiryDate'
  | 'optionalData'
  | 'names'
  | 'composite';

export type UnreadReason =
  /** The check digit of `field` does not fit what was read. */
  | 'wrongCheckDigit'
  /** `field` holds characters that it cannot hold. */
  | 'wrongCharacters'
  /** Lines came, but not those of one document: swiped too short, too fast or upside down. */
  | 'incomplete';

export type SwipeReply = { type: 'document'; document: TravelDocument };

export type SwipeNotice =
  /** A swipe gave nothing; the command waits on. Nothing of what was read is told. */
  | { type: 'readFailed'; reason: UnreadReason; field?: DocumentField }
  /** A good document came while nobody waited for one, and was forgotten. */
  | { type: 'ignoredDocument' };

export type DocumentSwiper = Device<SwipeCommand, SwipeReply, SwipeNotice>;
