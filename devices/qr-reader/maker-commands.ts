// The makers' command languages of serial and USB-CDC readers, as protocols for machine.ts.
//
//   Honeywell   SYN T CR · SYN U CR · SYN BEL CR (unanswered)   SYN M CR <menu command> . → text, <menu command> ACK .
//   Newland     ~ SOH 0000 # <command> ; ETX                   → STX SOH 0000 # <command> ACK ; ETX

import type { QrProtocol } from './protocol.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Honeywell: SYN T CR, SYN U CR, SYN BEL CR, and the menu command REVINF (SYN M CR REVINF .). None but the last is answered. */
export const honeywell = {
  triggerOn: Uint8Array.of(0x16, 0x54, 0x0d),
  triggerOff: Uint8Array.of(0x16, 0x55, 0x0d),
  beep: Uint8Array.of(0x16, 0x07, 0x0d),
  query: ascii('\x16M\rREVINF.'),
} as const;

/** Newland: `~ SOH 0000` + `#` (temporary) + command + `; ETX`. All are answered. The query asks for the scan mode in force. */
export const newland = {
  triggerOn: ascii('~\x010000#SCNTRG1;\x03'),
  triggerOff: ascii('~\x010000#SCNTRG0;\x03'),
  query: ascii('~\x010000#SCNMOD*;\x03'),
  onDemandMode: ascii('~\x010000#SCNMOD0;\x03'),
  presentationMode: ascii('~\x010000#SCNMOD2;\x03'),
} as const;

/** Newland's field code allows 5 s in the worst case; Honeywell's answers come within a second. */
export const replyTimeoutMs = { newland: 5000, honeywell: 2000 } as const;
/** Between two commands (Newland). */
export const commandGapMs = 50;

export type Maker = 'none' | 'honeywell' | 'newland';

export type MakerOptions = {
  /** How the reader is asked whether it is there; `none`: it is not asked. */
  hello: Maker;
  trigger: Maker;
  /** Newland only: the scan mode is set at every connection, in memory that a power cut clears. */
  setsMode?: boolean;
};

export const makerProtocol = ({ hello, trigger, setsMode }: MakerOptions): QrProtocol => {
  const maker = hello === 'none' ? trigger : hello;
  if (maker === 'newland') {
    const mode = trigger === 'none' ? newland.presentationMode : newland.onDemandMode;
    return {
      commands: {
        ...(hello === 'none' ? {} : { question: newland.query }),
        ...(trigger === 'none' ? {} : { triggerOn: newland.triggerOn, triggerOff: newland.triggerOff }),
        ...(setsMode === true ? { setUp: mode } : {}),
      },
      answered: ['question', 'setUp', 'triggerOn', 'triggerOff'],
      replyTimeoutMs: replyTimeoutMs.newland,
      gapMs: commandGapMs,
    };
  }
  return {
    commands: {
      ...(hello === 'none' ? {} : { question: honeywell.query }),
      ...(trigger === 'none' ? {} : { triggerOn: honeywell.triggerOn, triggerOff: honeywell.triggerOff }),
      ...(maker === 'honeywell' ? { beep: honeywell.beep } : {}),
    },
    answered: ['question'],
    replyTimeoutMs: replyTimeoutMs.honeywell,
    gapMs: commandGapMs,
  };
};
