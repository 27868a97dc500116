// Who is on a channel, and the one place where a procedure's roles are enforced.

import { implement, ORPCError } from '@orpc/server';
import type { Role } from '../contract/console.ts';
import { kioskContract } from '../contract/kiosk.ts';

/** State of one channel (a WebSocket or a MessagePort). Everybody begins as a citizen; signing in raises it until it expires. */
export type Channel = {
  id: string;
  staff?: { account: string; name: string; role: Exclude<Role, 'citizen'>; expiresAtMs: number };
};

export type HostContext = { channel: Channel; now(): number };

export const roleOf = ({ channel, now }: HostContext): Role =>
  channel.staff && channel.staff.expiresAtMs > now() ? channel.staff.role : 'citizen';

const contractWithContext = implement(kioskContract).$context<HostContext>();

/** Every procedure of the host is built on this: a call whose role is not named on the procedure never reaches its handler. */
export const host = contractWithContext.use(({ context, procedure, next }) => {
  const { roles } = procedure['~orpc'].meta;
  if (!roles.includes(roleOf(context))) throw new ORPCError('FORBIDDEN', { message: 'This account may not do that' });
  return next();
});
