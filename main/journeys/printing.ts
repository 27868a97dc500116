// Printing as a person lives it: at work, standing still for paper, done, or nobody knows and the screen asks.

import type { TicketDocument } from '../../devices/ticket-printer/api.ts';
import type { JourneyEffect, JourneyEvent, World } from './events.ts';
import type { Printing, Session } from './state.ts';

export type PrintMove = { printing: Printing; effects: JourneyEffect[] };

export const startPrinting = (session: Session, world: World, copies: number, document: TicketDocument): PrintMove => {
  // The id names the paper, not the attempt: after a restart the same id asks what became of it and prints nothing twice.
  const jobId = `${session.id}-paper-${copies + 1}`;
  const { available, fault } = world.devices['ticket-printer'];
  if (!available)
    return {
      printing: {
        jobId,
        phase: 'failed',
        copies,
        trouble: { code: fault?.code ?? 'deviceNotReady', kind: 'ticket-printer' },
      },
      effects: [],
    };
  return { printing: { jobId, phase: 'printing', copies }, effects: [{ type: 'print', jobId, document }] };
};

/** Undefined: the event is not about printing. */
export const printingNext = (
  session: Session,
  event: JourneyEvent,
  printing: Printing,
  world: World,
  document: (isReprint: boolean) => TicketDocument,
): PrintMove | undefined => {
  switch (event.type) {
    case 'printWaiting':
      return event.jobId === printing.jobId
        ? { printing: { ...printing, trouble: event.trouble }, effects: [] }
        : undefined;
    case 'printResumed': {
      if (event.jobId !== printing.jobId) return undefined;
      const { trouble: _over, ...rest } = printing;
      return { printing: rest, effects: [] };
    }
    case 'printEnded': {
      if (event.jobId !== printing.jobId || printing.phase !== 'printing') return undefined;
      const { trouble: _over, ...rest } = printing;
      return {
        printing: {
          ...rest,
          phase: event.outcome,
          copies: event.outcome === 'printed' ? printing.copies + 1 : printing.copies,
          ...(event.trouble ? { trouble: event.trouble } : {}),
        },
        effects: [],
      };
    }
    case 'resumed':
      return printing.phase === 'printing'
        ? { printing, effects: [{ type: 'print', jobId: printing.jobId, document: document(printing.copies > 0) }] }
        : undefined;
    case 'intent':
      break;
    default:
      return undefined;
  }
  switch (event.intent.type) {
    case 'answerPrinted':
      if (printing.phase !== 'unconfirmed') return undefined;
      return event.intent.cameOut
        ? { printing: { ...printing, phase: 'printed', copies: printing.copies + 1 }, effects: [] }
        : reprint(session, world, printing, document);
    case 'printAgain':
      return printing.phase === 'printing' ? undefined : reprint(session, world, printing, document);
    case 'skipPrint':
      return printing.phase === 'printing'
        ? {
            printing: { ...printing, phase: 'skipped' },
            effects: [{ type: 'cancelDevices', except: ['id-card-reader'] }],
          }
        : { printing: { ...printing, phase: 'skipped' }, effects: [] };
    default:
      return undefined;
  }
};

/** Another sheet with the same number, marked 补打. */
const reprint = (
  session: Session,
  world: World,
  printing: Printing,
  document: (isReprint: boolean) => TicketDocument,
): PrintMove => startPrinting(session, world, printing.copies + 1, document(true));
