// The receipt: on the screen at once, on paper when the printer says so. Nothing here waits for paper for ever.

import type { Outcome } from '../events.ts';
import { stay, withStep } from '../moves.ts';
import { receiptDocument } from '../paper.ts';
import { printingNext, startPrinting } from '../printing.ts';
import type { Session, Step } from '../state.ts';
import type { Part } from './part.ts';
import { enterLocker } from './locker.ts';

type ReceiptStep = Extract<Step, { type: 'receipt' }>;

export const enterReceipt = (session: Session, { item, world }: Part): Outcome => {
  const { printing, effects } = startPrinting(session, world, 0, receiptDocument(session, item, world, false));
  return withStep(session, { type: 'receipt', printing }, effects);
};

export const receiptNext = (part: Part, step: ReceiptStep): Outcome => {
  const { session, item, event, world } = part;
  if (event.type === 'intent' && event.intent.type === 'next') {
    const left = step.printing.phase === 'printing' ? { ...step.printing, phase: 'skipped' as const } : step.printing;
    return enterLocker({ ...session, step: { type: 'receipt', printing: left } }, part);
  }
  const moved = printingNext(session, event, step.printing, world, (isReprint) =>
    receiptDocument(session, item, world, isReprint),
  );
  if (!moved) return stay(session);
  return withStep(
    { ...session, lastActMs: part.now, paperOut: session.paperOut || moved.printing.phase === 'printed' },
    { type: 'receipt', printing: moved.printing },
    moved.effects,
  );
};
