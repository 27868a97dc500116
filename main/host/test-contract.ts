// The contract as data, for tests that must reach every procedure: those that exist, who may call them, and an input that each takes.

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
  'session.intent': { type: 'touch' },
  'materials.addPage': { materialId: 'lease', picture: new Blob(['x']) },
  'materials.page': { pageId: 'p' },
  'staff.signIn': { account: 'manager', pin: '000000' },
  'staff.audit': { limit: 10 },
  'staff.check': { deviceId: 'printer', check: 'status' },
  'staff.answerCheck': { questionId: 'q', yes: true },
  'manager.retryDeadLetter': { seq: 1, reason },
  'manager.openCell': { cell: 1, reason },
  'manager.releaseCell': { cell: 1, reason },
  'technician.assignPort': { deviceId: 'printer', path: '/dev/ttyS0', reason },
  'technician.restartDevice': { deviceId: 'printer', reason },
  'technician.trace': { deviceId: 'printer' },
};
