// The contract as data, for tests that must reach every procedure: those that exist, who may call them, and an input that each takes.

import { ORPCError } from '@orpc/client';
import { isContractProcedure } from '@orpc/contract';
import type { z } from 'zod';
import type { Role } from '../contract/console.ts';
import type { ProcedureMeta } from '../contract/kiosk.ts';

export type Procedure = { path: string[]; roles: readonly Role[]; input: z.ZodType | undefined };

export const proceduresOf = (contract: unknown, path: string[] = []): Procedure[] => {
  if (isContractProcedure(contract)) {
    const { meta, inputSchema } = contract['~orpc'];
    return [{ path, roles: (meta as ProcedureMeta).roles, input: inputSchema as z.ZodType | undefined }];
  }
  return Object.entries(contract as Record<string, unknown>).flatMap(([name, part]) =>
    proceduresOf(part, [...path, name]),
  );
};

/** Calls a procedure by its path, with whatever input. */
export const callAt = (client: unknown, path: readonly string[], input: unknown): Promise<unknown> => {
  let call = client as Record<string, unknown>;
  for (const name of path) call = call[name] as Record<string, unknown>;
  return (call as unknown as (input: unknown) => Promise<unknown>)(input);
};

const reason = 'a test';

/** An input that each procedure takes; those without one are left out. */
export const validInputs: Readonly<Record<string, unknown>> = {
  'session.intent': { intent: { type: 'setLanguage', language: 'en' }, revision: 0 },
  'materials.addPage': { materialId: 'lease', picture: new Blob(['x']) },
  'materials.page': { pageId: 'p' },
  'staff.signIn': { account: 'manager', pin: '000000' },
  'staff.audit': { limit: 10 },
  'staff.check': { deviceId: 'printer', check: 'status' },
  'staff.answerCheck': { questionId: 'q', yes: true },
  'manager.retryDeadLetter': { seq: 1, reason },
  'manager.retryDeadLetters': { reason },
  'manager.openCell': { cell: 1, reason },
  'manager.releaseCell': { cell: 1, reason },
  'technician.renewInstall': { reason },
  'technician.identifyPort': { path: '/dev/no-such-port' },
  'technician.assignPort': { deviceId: 'printer', path: '/dev/ttyS0', reason },
  'technician.restartDevice': { deviceId: 'printer', reason },
  'technician.trace': { deviceId: 'printer' },
};

/** Resolves with what a call was refused with; a call that was not refused fails the test. */
export const refusalOf = async (call: Promise<unknown>): Promise<ORPCError<string, unknown>> => {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('value' in outcome) throw new Error(`was not refused: ${JSON.stringify(outcome.value)}`);
  if (outcome.error instanceof ORPCError) return outcome.error;
  throw new Error('was refused without a typed error', { cause: outcome.error });
};

/** The next value of a subscription; its end fails the test. */
export const nextOf = async <T>(views: AsyncIterator<T>): Promise<T> => {
  const { value, done } = await views.next();
  if (done) throw new Error('the views ended');
  return value;
};
