// Status bytes → what is wrong with the printer → faults, device state, and whether a ticket can be started.
//
//   DLE EOT 1–4 ─┐
//                ├▶ Condition ─▶ faultsOf, deviceStateOf, blockOf
//   GS a report ─┘

import type { DeviceState, Fault } from '../kit/status.ts';
import type { StatusKind } from './commands.ts';
import { whoActs, type PrinterFaultCode } from './faults.ts';

export type Condition = {
  isOffline: boolean;
  isCoverOpen: boolean;
  isPaperOut: boolean;
  isPaperNearEnd: boolean;
  hasCutterError: boolean;
  hasMechanicalError: boolean;
  isUnrecoverable: boolean;
  /** "Auto-recoverable error": a hot print head or a supply voltage out of range. */
  isOverheated: boolean;
};

const has = (byte: number, mask: number): boolean => (byte & mask) !== 0;

/** Answers to DLE EOT 1, 2, 3 and 4 (one byte each). */
export const conditionOfAnswers = (answers: Readonly<Record<StatusKind, number>>): Condition => ({
  isOffline: has(answers[1], 0x08),
  isCoverOpen: has(answers[2], 0x04),
  isPaperOut: has(answers[2], 0x20) || has(answers[4], 0x60),
  isPaperNearEnd: has(answers[4], 0x0c),
  hasCutterError: has(answers[3], 0x08),
  hasMechanicalError: has(answers[3], 0x04),
  isUnrecoverable: has(answers[3], 0x20),
  isOverheated: has(answers[3], 0x40),
});

/** The four bytes of an automatic status report; the fourth means nothing. */
export const conditionOfReport = ([first, second, third]: readonly [number, number, number, number]): Condition => ({
  isOffline: has(first, 0x08),
  isCoverOpen: has(first, 0x20),
  isPaperOut: has(third, 0x0c),
  isPaperNearEnd: has(third, 0x03),
  hasCutterError: has(second, 0x08),
  hasMechanicalError: has(second, 0x04),
  isUnrecoverable: has(second, 0x20),
  isOverheated: has(second, 0x40),
});

export type Block = Exclude<PrinterFaultCode, 'paperNearEnd'>;

// The gravest first: it decides the device state and is the reason given for a refused ticket.
const blocksOf = (condition: Condition): Block[] => {
  const blocks: Block[] = [];
  if (condition.isUnrecoverable) blocks.push('unrecoverableError');
  if (condition.hasCutterError) blocks.push('cutterError');
  if (condition.hasMechanicalError) blocks.push('mechanicalError');
  if (condition.isCoverOpen) blocks.push('coverOpen');
  if (condition.isPaperOut) blocks.push('paperOut');
  if (condition.isOverheated) blocks.push('overheated');
  if (blocks.length === 0 && condition.isOffline) blocks.push('printerOffline');
  return blocks;
};

/** Why a ticket must not be started, or undefined. Paper near its end is no reason. */
export const blockOf = (condition: Condition): Block | undefined => blocksOf(condition)[0];

/** Someone at the printer ends it, and it goes on by itself. */
export const needsHand = (block: Block | undefined): boolean => block === 'paperOut' || block === 'coverOpen';

export const faultsOf = (condition: Condition): Fault[] => {
  const codes: PrinterFaultCode[] = blocksOf(condition);
  if (condition.isPaperNearEnd && !condition.isPaperOut) codes.push('paperNearEnd');
  return codes.map((code) => ({ code, who: whoActs[code] }));
};

/** `userError` is the industry's word for a device that is whole and waits for a hand: paper, cover (CEN XFS4IoT). */
export const deviceStateOf = (condition: Condition, isPrinting: boolean): DeviceState => {
  const block = blockOf(condition);
  switch (block) {
    case undefined:
      return isPrinting ? 'busy' : 'online';
    case 'coverOpen':
    case 'paperOut':
      return 'userError';
    case 'unrecoverableError':
    case 'cutterError':
    case 'mechanicalError':
      return 'hardwareError';
    case 'overheated':
    case 'printerOffline':
      return 'offline';
    default:
      block satisfies never;
      return 'offline';
  }
};
