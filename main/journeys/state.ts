// What a session is. Everything here is serialisable: it is stored (encrypted) after every step, so that a host that was killed
// resumes at the same step. Documents' numbers stand here in full and leave only masked, through the view.

import type { caseSteps } from '../contract/intake.ts';
import type { Language, ScreenMode, Text } from '../contract/text.ts';
import type { IdCard } from '../../devices/id-card-reader/api.ts';

/** The applicant as the card says; photo and fingerprint are never kept. */
export type Person = Omit<IdCard, 'photo' | 'photoFormat' | 'fingerprint'>;

export type Way = 'library' | 'qr' | 'camera' | 'scanner';
export type Value = string | number | boolean | null;

export type Page = { id: string; sha256: string; bytes: number; mediaType: string; widthPx: number; heightPx: number };

export type HeldMaterial = {
  way: Way;
  pages: Page[];
  done: boolean;
  licence?: { state: 'verified' | 'toBeFetched'; number?: string; consentAtMs: number };
  code?: string;
};

/** Something that went wrong in a step: a code of a fault table, and the device kind whose table it is. */
export type Trouble = { code: string; kind?: DeviceKindName; detail?: string };
export type DeviceKindName =
  | 'id-card-reader'
  | 'qr-reader'
  | 'ticket-printer'
  | 'rating-pad'
  | 'locker'
  | 'document-scanner';

export type Printing = {
  jobId: string;
  phase: 'printing' | 'printed' | 'unconfirmed' | 'failed' | 'skipped';
  trouble?: Trouble;
  copies: number;
};

export type Deposit = {
  depositId: string;
  cell: number;
  pickUpCode: string;
  state: 'reserved' | 'open' | 'stored' | 'cancelled';
};

/** Papers that go into a cell by a signed code, spent when the door is open. `openingId` names this opening to the centre. */
export type CodeDeposit = Deposit & { number: string; token: string; openingId: string; keepUntilMs: number };

/** One application (单事项 or 一事联办) in the making. */
export type Application = {
  itemCode: string;
  caseId: string;
  form: Record<string, Value>;
  /** Fields whose answer came from the card or a code. */
  from: Record<string, 'card' | 'code'>;
  /** Fields that were left once: their errors are shown. */
  visited: string[];
  materials: Record<string, HeldMaterial>;
  signature?: { digest: string; imageSha256: string; signedAtMs: number };
  receipt?: { number: string; submittedAtMs: number; centralNumber?: string };
  deposit?: Deposit;
  rated: boolean;
  /** Steps as they were entered, with their times; absent in a visit that an older host began. */
  passed?: PassedStep[];
};

/**
 * What lies behind the door: the papers of a deposit made here, with the code's text, or a result that the centre had put there. Its code
 * is spent when the door is open.
 */
export type Collected =
  | { depositId: string; originals: string[]; token: string; result?: undefined }
  | { result: WaitingResult; depositId?: undefined };
export type WaitingResult = { pickUpId: string; name: Text; untilMs: number };

export type PassedStep = { step: (typeof caseSteps)[number]; atMs: number };

export type Capture = {
  materialId: string;
  way: Way;
  attempt: string;
  phase: 'waiting' | 'working' | 'done' | 'failed' | 'unavailable';
  sinceMs: number;
  percent?: number;
  trouble?: Trouble;
};

/** `key` names of the steps are those that the walks use. */
export type Step =
  | { type: 'welcome' }
  | { type: 'home'; query?: string; sceneId?: string; page: number }
  | { type: 'guide' }
  | {
      type: 'identify';
      attempt: string;
      phase: 'waiting' | 'working' | 'done' | 'failed';
      sinceMs: number;
      trouble?: Trouble;
    }
  | { type: 'form'; page: number; showErrors: boolean }
  | { type: 'materials'; capture?: Capture }
  | { type: 'review' }
  | { type: 'sign'; saving: boolean; trouble?: Trouble }
  | { type: 'submit'; phase: 'ready' | 'saving' | 'failed'; trouble?: Trouble }
  | { type: 'receipt'; printing: Printing }
  /** `askOpen`, `askShut`: no sensor feels this door, so the person in front of it is asked. */
  | {
      type: 'locker';
      phase: 'offer' | 'opening' | 'askOpen' | 'open' | 'askShut' | 'closed' | 'failed';
      attempt: string;
      trouble?: Trouble;
    }
  | { type: 'rate'; attempt: string }
  | { type: 'queue'; chosen?: string; priority: Exclude<Priority, 'appointment'>; taking: boolean; trouble?: Trouble }
  | { type: 'ticket'; ticket: Ticket; printing: Printing }
  /** A signed code is shown to the reader: an appointment's for a number, a pick-up's or a deposit's for a cell. */
  | {
      type: 'showToken';
      purpose: 'appointment' | 'pickUp';
      attempt: string;
      phase: 'waiting' | 'working' | 'failed';
      sinceMs: number;
      trouble?: Trouble;
    }
  /** `openingId` names this opening to the centre, whatever restarts. */
  | ({
      type: 'pickUp';
      phase: 'opening' | 'askOpen' | 'open' | 'askShut' | 'closed' | 'failed';
      attempt: string;
      cell: number;
      openingId: string;
      trouble?: Trouble;
    } & Collected)
  /** Papers go into the cell of `session.deposit`; `printing` once they are in the books. */
  | {
      type: 'deposit';
      phase: 'opening' | 'askOpen' | 'open' | 'askShut' | 'closed' | 'failed';
      attempt: string;
      printing?: Printing;
      trouble?: Trouble;
    }
  | { type: 'goodbye'; endsAtMs: number };
export type StepName = Step['type'];

/** `appointment` comes from a verified code only; the others a person says. */
export type Priority = 'none' | 'elder' | 'disabled' | 'pregnant' | 'soldier' | 'appointment';
export type Ticket = {
  ticketId: string;
  number: string;
  businessCode: string;
  ahead: number;
  waitMinutes?: number;
  priority: Priority;
  takenAtMs: number;
};

export type Session = {
  id: string;
  visitId: string;
  language: Language;
  mode: ScreenMode;
  startedAtMs: number;
  lastActMs: number;
  step: Step;
  person?: Person;
  /** `onReader` until the reader says that the field is empty. */
  card: 'none' | 'onReader' | 'taken';
  application?: Application;
  ticket?: Ticket;
  deposit?: CodeDeposit;
  camera: 'unknown' | 'ready' | 'missing' | 'denied' | 'lost';
  /** The paper came out (or the person says so). */
  paperOut: boolean;
  toast?: { id: number; kind: 'helpCalled' | 'helpUnreachable' };
  /** Makes attempt ids unique within the session. */
  counter: number;
};

/** Nobody is here, or one citizen is. */
export type KioskState = { session: Session | undefined; outOfService?: Trouble };
