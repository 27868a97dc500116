// What every rating pad offers, whatever its protocol.

import type { Device } from '../kit/device.ts';

/** 好差评: 5 非常满意 … 1 非常不满意. */
export type RatingLevel = 1 | 2 | 3 | 4 | 5;

export type PadCommand =
  /** Prompts, takes exactly one key. Silence until the deadline or a cancel is `notRated`, never a mark. */
  | { type: 'askRating' }
  /** Prompts for a moment and ends the prompt; no key is taken. */
  | { type: 'testPrompt' }
  /** Asks whether the pad is there; fails with `cannotVerify` where its protocol has no such question. */
  | { type: 'checkLink' };

export type PadReply = { type: 'rated'; level: RatingLevel } | { type: 'notRated' } | { type: 'done' };

export type PadNotice = { type: 'ignoredKey'; reason: 'noPrompt' | 'unknown' };

export type RatingPad = Device<PadCommand, PadReply, PadNotice>;
