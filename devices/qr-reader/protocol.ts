// What differs between the code readers' protocols, as data. machine.ts asks, triggers and waits by it; a codec makes the frames.

import type { ScannedCode } from './api.ts';
import type { ReaderIdentity } from './identity.ts';

/** Why a command is sent. `hello`, `heartbeat` and `query` are the same question to the reader. */
export type Purpose = 'hello' | 'heartbeat' | 'query' | 'setUp' | 'triggerOn' | 'triggerOff' | 'beep';

export type CommandName = 'question' | Exclude<Purpose, 'hello' | 'heartbeat' | 'query'>;

export type CommandBytes = Partial<Record<CommandName, Uint8Array>>;

export type QrProtocol = {
  /** What the reader can be told; what is absent it has no command for. */
  commands: CommandBytes;
  /** Commands that are answered. */
  answered: readonly CommandName[];
  /** The question is answered with who the reader is; an acknowledgement alone belongs to an earlier command. */
  isQuestionAnsweredByIdentity?: boolean;
  replyTimeoutMs: number;
  /** Between two commands. */
  gapMs: number;
  /** A command without an answer is sent again in this form, so many times. */
  again?: { times: number; commands: CommandBytes };
  /** What a damaged packet (`wrongChecksum`) is answered with. */
  nak?: Uint8Array;
  /** Sent `gapMs` before every command, for readers that sleep. */
  wakeUp?: Uint8Array;
};

/** What the reader is told at once, whatever else goes on: a packet was received. */
export type Answer = { bytes: Uint8Array; label: 'ack' };

export type QrFrame =
  | { type: 'code'; code: ScannedCode; answer?: Answer }
  /**
   * The reader answers a command, or tells of itself. Never a code. `again`: it could not read the command; `none`: a line of
   * what it tells of itself, which ends nothing.
   */
  | {
      type: 'reply';
      status: 'ack' | 'nak' | 'enq' | 'again' | 'none';
      text: string;
      /** What it says of the reader; empty where nothing of that. */
      identity?: ReaderIdentity;
      answer?: Answer;
    }
  /** A packet that makes no code: a part of one, or one that was sent twice. */
  | { type: 'part'; answer?: Answer };

export const nameOf = (purpose: Purpose): CommandName =>
  purpose === 'hello' || purpose === 'heartbeat' || purpose === 'query' ? 'question' : purpose;
