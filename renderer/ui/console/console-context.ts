// What every part of an open console knows: the live view, who is signed in, the line to the host and how to go elsewhere.

import { createContext, useContext } from 'react';
import type { ConsoleView, SignedIn } from '../../../main/contract/console.ts';
import type { HostClient } from '../../connection.ts';
import type { Section } from './needs.ts';

export type OpenConsole = {
  client: HostClient;
  view: ConsoleView;
  staff: SignedIn;
  /** Host's clock, milliseconds, renewed each second. */
  nowMs: number;
  /** Goes to a section, or to one device of `devices`. */
  goTo(section: Section, deviceId?: string): void;
  /** What the last look at the audit chain said. */
  noteAudit(isIntact: boolean): void;
  /** Dialogs are drawn into it, so that they have the console's sizes and colours. */
  frame: Element | null;
};

export const ConsoleContext = createContext<OpenConsole | undefined>(undefined);

export const useConsole = (): OpenConsole => {
  const open = useContext(ConsoleContext);
  if (open === undefined) throw new Error('useConsole stands outside ConsoleContext');
  return open;
};
