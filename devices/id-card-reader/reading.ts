// What a reply means for the command it was asked for: the order find → select → read → address, and reset → find. Pure;
// machine.ts sends, waits and times out around it.

import type { IdCard, IdCardCommand, IdCardNotice, IdCardReply } from './api.ts';
import { parseAppendedAddress } from './card-text.ts';
import { formatSamId, parseCardData, sw3, type RequestName, type SamFrame } from './codec.ts';
import { chinaDay } from './id-number.ts';
import { fail, type Result } from '../kit/result.ts';

export type Job = {
  id: string;
  command: IdCardCommand;
  /** Reset before the next find, so that a card that was already read is found again. */
  needsReset: boolean;
  /** Least time from one find to the next. */
  restMs: number;
  /** Read, and waiting for its appended address. */
  card?: IdCard;
};

export type Outcome = { job: Job; notices: readonly IdCardNotice[]; counts: readonly string[] } & (
  | { act: 'request'; request: RequestName }
  | { act: 'again' }
  | { act: 'finish'; result: Result<IdCardReply> }
);

/** Part of the driver's settings. */
export type ReadOptions = {
  withFingerprint: boolean;
  handOverFingerprint: boolean;
  withNewestAddress: boolean;
  removal: 'reset' | 'find';
};

/** A card in motion answers and is gone again: removal is asked for at a calmer pace. */
export const removalIntervalMs = 500;

const request = (job: Job, name: RequestName, ...notices: IdCardNotice[]): Outcome => ({
  job,
  notices,
  counts: [],
  act: 'request',
  request: name,
});

const again = (job: Job, ...notices: IdCardNotice[]): Outcome => ({ job, notices, counts: [], act: 'again' });

const finish = (
  job: Job,
  result: Result<IdCardReply>,
  notices: IdCardNotice[] = [],
  counts: string[] = [],
): Outcome => ({
  job,
  notices,
  counts,
  act: 'finish',
  result,
});

/** The card has to be lifted: back to find, never to another read. */
const readFailed = (job: Job, reason: Extract<IdCardNotice, { type: 'readFailed' }>['reason']): Outcome => ({
  job: { ...job, card: undefined },
  notices: [{ type: 'readFailed', reason }],
  counts: [`readFailed.${reason}`],
  act: 'again',
});

const done = (job: Job, card: IdCard): Outcome =>
  finish(job, { ok: true, value: { type: 'card', card } }, [], ['cardsRead']);

const cardStep = (job: Job, name: RequestName, frame: SamFrame, options: ReadOptions, now: number): Outcome => {
  const readName = options.withFingerprint ? 'readWithPrint' : 'read';
  const cardError = frame.sw3 === sw3.unknownCardType ? 'unsupportedCard' : 'liftAndRetry';
  switch (name) {
    case 'reset':
      return request({ ...job, needsReset: false }, 'find');
    case 'find':
      return frame.sw3 === sw3.cardFound ? request(job, 'select', { type: 'cardPresent' }) : again(job);
    case 'select':
      return frame.sw3 === sw3.ok ? request(job, readName) : readFailed(job, cardError);
    case 'read':
    case 'readWithPrint': {
      if (frame.sw3 !== sw3.ok) return readFailed(job, cardError);
      const parsed = parseCardData(frame.data, name, chinaDay(now));
      if (!parsed.ok) return readFailed(job, parsed.error.code);
      const { fingerprint, ...card } = parsed.value;
      const wanted: IdCard = fingerprint && options.handOverFingerprint ? { ...card, fingerprint } : card;
      return options.withNewestAddress ? request({ ...job, card: wanted }, 'readAddress') : done(job, wanted);
    }
    case 'readAddress': {
      const { card } = job;
      if (!card) return again(job);
      if (frame.sw3 === sw3.noContent) return done(job, card);
      if (frame.sw3 !== sw3.ok) return readFailed(job, cardError);
      const address = parseAppendedAddress(frame.data);
      if (!address.ok) return readFailed(job, address.error.code);
      return done(job, address.value === '' ? card : { ...card, newestAddress: address.value });
    }
    case 'selfTest':
    case 'readSamId':
    case 'setRate115200':
    case 'setRate57600':
    case 'setRate38400':
    case 'setRate19200':
    case 'setRate9600':
      return again(job);
    default:
      return name satisfies never;
  }
};

const removalStep = (job: Job, name: RequestName, frame: SamFrame, { removal }: ReadOptions): Outcome => {
  if (name === 'reset') return request({ ...job, needsReset: false }, 'find');
  // 80 alone would not do: a card that was read and still lies there answers the same. After a reset it says "gone".
  if (name === 'find' && frame.sw3 === sw3.noCard)
    return finish(job, { ok: true, value: { type: 'removed' } }, [{ type: 'cardRemoved' }]);
  return again({ ...job, needsReset: removal === 'reset', restMs: removalIntervalMs });
};

/** `frame` answers `name`, which was sent for `job`. */
export const readingStep = (
  job: Job,
  name: RequestName,
  frame: SamFrame,
  options: ReadOptions,
  now: number,
): Outcome => {
  switch (job.command.type) {
    case 'readCard':
      return cardStep(job, name, frame, options, now);
    case 'awaitRemoval':
      return removalStep(job, name, frame, options);
    case 'selfTest':
      if (frame.sw3 === sw3.ok) return finish(job, { ok: true, value: { type: 'selfTestPassed' } });
      return finish(job, fail('protocolError', 'engineer', `self test answered ${frame.sw3.toString(16)}`));
    case 'readSamId': {
      const samId = frame.sw3 === sw3.ok ? formatSamId(frame.data) : undefined;
      if (samId !== undefined) return finish(job, { ok: true, value: { type: 'samId', samId } });
      return finish(job, fail('protocolError', 'engineer', `SAM id answered ${frame.sw3.toString(16)}`));
    }
    default:
      return job.command satisfies never;
  }
};
