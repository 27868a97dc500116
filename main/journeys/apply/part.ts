// What every part of an application is handed, and how it changes the application.

import type { Item } from '../../contract/catalogue.ts';
import type { JourneyEvent, World } from '../events.ts';
import type { Application, Session } from '../state.ts';

export type Part = {
  session: Session;
  application: Application;
  item: Item;
  event: JourneyEvent;
  now: number;
  world: World;
  newId: string;
};

export const withApplication = (session: Session, change: Partial<Application>): Session =>
  session.application ? { ...session, application: { ...session.application, ...change } } : session;
