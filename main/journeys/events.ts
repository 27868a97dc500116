// Events into and effects out of the journey machine, and the world it may look at.
//
//   intents, device answers, ticks ─▶ next(state, event, now, world) ─▶ state + effects ─▶ host performs ─▶ events …
//
// Every device answer carries the `attempt` it belongs to: an answer that comes after its step (or its citizen) has gone is dropped.

import type { Catalogue, Item } from '../contract/catalogue.ts';
import type { FaultView, DevicePlace } from '../contract/devices.ts';
import type { Intent } from '../contract/intents.ts';
import type { Text } from '../contract/text.ts';
import type { CameraWanted } from '../contract/view.ts';
import type { IdCard } from '../../devices/id-card-reader/api.ts';
import type { TicketDocument } from '../../devices/ticket-printer/api.ts';
import type { Collected, DeviceKindName, KioskState, Page, Priority, Ticket, Trouble, WaitingResult } from './state.ts';

/** What may vary under a journey, read only. */
export type World = {
  catalogue: Catalogue;
  hiddenItems: readonly string[];
  hall: Text;
  place: Text;
  askAt: Text;
  announcement?: Text;
  isOnline: boolean;
  waitingToSend: number;
  /** What new documents may take of the disk; below nothing when the kiosk takes none. */
  roomBytes: number;
  devices: Readonly<Record<DeviceKindName, DeviceView>>;
  cameraPlace: DevicePlace;
  cameraWanted?: CameraWanted;
  panel: { pxPerMm: number; orientation: 'portrait' | 'landscape' };
  dockUrl?: string;
  session: { idleWarningMs: number; idleWipeMs: number; goodbyeMs: number; ratingMs: number };
  queue: { asOfMs?: number; businesses: readonly Business[] };
  /** Whether codes for it can be told from others here: by a key, for pick-ups also by the centre's list. */
  tokens: { appointment: boolean; pickUp: boolean; deposit: boolean };
  /** What stands on the door of a cell. */
  cellName(cell: number): string;
  paperColumns: 32 | 48;
  /** Words for a trouble's code, from the driver's fault table or the journeys' own. */
  faultText(trouble: Trouble): FaultView;
  /** Field errors of the item's form, all of them, told once. */
  validate(item: Item, values: Record<string, string | number | boolean>): { fieldId: string; text: Text }[];
  /** SHA-256, hex, of the canonical JSON of `value`. */
  digest(value: unknown): string;
  isNight: boolean;
  /** Preview of a ticket, line by line, as the paper will show it. */
  preview(document: TicketDocument): string[];
};

export type DeviceView = { configured: boolean; available: boolean; fault?: FaultView; place: DevicePlace };
export type Business = {
  code: string;
  name: Text;
  prefix: string;
  open: boolean;
  why?: Text;
  ahead: number;
  waitMinutes?: number;
};

export type JourneyEvent =
  | { type: 'intent'; intent: Intent }
  | { type: 'tick' }
  /** The host started again under a live session: outstanding acts are asked for anew. */
  | { type: 'resumed' }
  | { type: 'cardPresent'; attempt: string }
  | { type: 'cardTrouble'; attempt: string; trouble: Trouble }
  | { type: 'cardRead'; attempt: string; card: IdCard }
  | { type: 'cardRemoved'; attempt: string }
  | { type: 'deviceFailed'; attempt: string; trouble: Trouble }
  | { type: 'codeRead'; attempt: string; text: string }
  /** Something was shown that cannot be a code; the reader goes on waiting. */
  | { type: 'codeTrouble'; attempt: string; trouble: Trouble }
  | { type: 'scanProgress'; attempt: string; percent: number }
  | { type: 'pagesScanned'; attempt: string; pages: Page[] }
  | { type: 'pageAdded'; materialId: string; page: Page }
  | {
      type: 'libraryAnswered';
      attempt: string;
      answer: { state: 'verified'; number: string } | { state: 'toBeFetched' } | { state: 'none' };
    }
  | { type: 'signatureSaved'; imageSha256: string; digest: string }
  | { type: 'signatureFailed'; trouble: Trouble }
  | {
      type: 'caseSaved';
      caseId: string;
      receiptNumber: string;
      deposit?: { depositId: string; cell: number; pickUpCode: string };
    }
  | { type: 'caseFailed'; caseId: string; trouble: Trouble }
  | { type: 'caseReceived'; caseId: string; centralNumber: string }
  | { type: 'printWaiting'; jobId: string; trouble: Trouble }
  | { type: 'printResumed'; jobId: string }
  | { type: 'printEnded'; jobId: string; outcome: 'printed' | 'unconfirmed' | 'failed'; trouble?: Trouble }
  | { type: 'cellOpened'; attempt: string }
  | { type: 'cellClosed'; attempt: string }
  | { type: 'cellFailed'; attempt: string; trouble: Trouble }
  | { type: 'depositStored'; depositId: string }
  /** The papers lie behind the shut door, and no book says so: their code opens nothing. */
  | { type: 'depositNotStored'; depositId: string }
  | { type: 'padRated'; attempt: string; level: number }
  | { type: 'ratingSaved' }
  | { type: 'numberTaken'; ticket: Ticket }
  | { type: 'numberFailed'; trouble: Trouble }
  /** The code is not taken: why, in the words of the trouble. */
  | { type: 'tokenRefused'; attempt: string; trouble: Trouble }
  /** The code is good, and papers lie in this cell for it. Nothing is spent yet. */
  | ({ type: 'pickUpFound'; attempt: string; cell: number } & Collected)
  /** The code is good, and this cell is kept for the papers of that number. Nothing is spent yet. */
  | {
      type: 'depositReserved';
      attempt: string;
      depositId: string;
      cell: number;
      pickUpCode: string;
      number: string;
      token: string;
      keepUntilMs: number;
    }
  | { type: 'worldChanged' };

export type JourneyEffect =
  | { type: 'readCard'; attempt: string }
  | { type: 'awaitCardRemoval'; attempt: string }
  | { type: 'readCode'; attempt: string }
  | { type: 'scan'; attempt: string; source: 'platen' | 'feeder' }
  | { type: 'lookUpLibrary'; attempt: string; licenceType: string; idNumber: string }
  | { type: 'removeBlob'; id: string }
  | { type: 'saveSignature'; strokes: [number, number, number][][]; digest: string }
  | { type: 'saveCase' }
  | { type: 'print'; jobId: string; document: TicketDocument }
  | { type: 'openCell'; attempt: string; cell: number }
  | { type: 'awaitCellClosed'; attempt: string; cell: number }
  | { type: 'storeDeposit'; depositId: string }
  | { type: 'cancelDeposit'; depositId: string }
  | { type: 'askPad'; attempt: string; timeoutMs: number }
  | { type: 'saveRating'; ratingId: string; level: number; reasons: string[]; channel: 'ratingPad' | 'screen' }
  | { type: 'takeNumber'; businessCode: string; priority: Priority }
  /** Verifies an appointment's code, spends it and takes its number, in one go. */
  | { type: 'checkIn'; attempt: string; token: string }
  /** What a code opens: a cell with something to collect, or an empty one for papers to leave. */
  | { type: 'findCell'; attempt: string; token: string }
  /** The door is open for it: the code is spent. */
  | { type: 'spendPickUp'; depositId: string; token: string; openingId: string }
  /** The same for a code of the centre's list. */
  | { type: 'spendResult'; result: WaitingResult; cell: number; openingId: string }
  /** The door is open for papers to be put in: the code is spent. */
  | { type: 'spendDeposit'; depositId: string; token: string; openingId: string }
  /** The door is shut on an empty cell. */
  | { type: 'releaseCell'; depositId: string }
  /** Ends every outstanding device command of the session except those named. */
  | { type: 'cancelDevices'; except?: DeviceKindName[] }
  | { type: 'count'; what: 'session' }
  | { type: 'callHelp'; helpId: string; where: string }
  /** Destroys the session's key and everything under it; the page reloads. */
  | { type: 'wipe'; sessionId: string };

/** A fresh UUIDv7 comes with every event, so that the machine needs no randomness of its own. */
export type Outcome = { state: KioskState; effects: JourneyEffect[] };
