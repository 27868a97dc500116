// All procedures of the host in one router.

import { consoleRouter } from '../consoles/router.ts';
import { citizenRouter } from './citizen-router.ts';
import type { Kiosk } from './kiosk.ts';
import { host } from './roles.ts';

export const createRouter = (kiosk: Kiosk, log: (event: string, detail?: Record<string, unknown>) => void) =>
  host.router({ ...citizenRouter(kiosk), ...consoleRouter(kiosk, log) });

export type HostRouter = ReturnType<typeof createRouter>;
