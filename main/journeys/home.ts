// Welcome and home: language, mode, finding an item by scene, search or what most people want.

import type { Item } from '../contract/catalogue.ts';
import type { JourneyEvent, Outcome, World } from './events.ts';
import { stay, wipe, withStep } from './moves.ts';
import { openShowToken } from './show-token.ts';
import type { Session } from './state.ts';
import type { Text } from '../contract/text.ts';

/** Rows of a list that fit without scrolling. */
export const rowsPerPage = { standard: 7, elder: 4 } as const;

export const visibleItems = (world: World): Item[] =>
  world.catalogue.items.filter((item) => !world.hiddenItems.includes(item.code));

/** Items whose name, official name or keywords hold every word of the query, best first. */
export const searchItems = (world: World, query: string): Item[] => {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const scored = visibleItems(world).map((item) => {
    const names = `${item.name.zh} ${item.name.en}`.toLowerCase();
    const rest = `${item.officialName.zh} ${item.officialName.en} ${item.keywords.join(' ')}`.toLowerCase();
    const fits = words.every((word) => names.includes(word) || rest.includes(word));
    return { item, score: fits ? (words.every((word) => names.includes(word)) ? 2 : 1) : 0 };
  });
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
};

/**
 * Whether originals and results can be collected here and now, and papers left by a code (`deposits`); absent where nobody could ever.
 */
export const pickUpHere = (world: World): { available: boolean; why?: Text; deposits: boolean } | undefined => {
  const { locker } = world.devices;
  const { pickUp, deposit: deposits } = world.tokens;
  if (!locker.configured || !(pickUp || deposits)) return undefined;
  return locker.available || !locker.fault
    ? { available: locker.available, deposits }
    : { available: false, why: locker.fault.what, deposits };
};

export const homeNext = (session: Session, event: JourneyEvent, now: number, world: World, newId: string): Outcome => {
  const { step } = session;
  if (event.type !== 'intent' || (step.type !== 'home' && step.type !== 'welcome')) return stay(session);
  const { intent } = event;
  if (step.type === 'welcome') {
    if (intent.type === 'next') return withStep(session, { type: 'home', page: 0 });
    if (intent.type === 'back') return wipe(session);
    return stay(session);
  }
  switch (intent.type) {
    case 'search':
      return withStep(session, { type: 'home', page: 0, query: intent.query });
    case 'openScene':
      return withStep(session, { type: 'home', page: 0, sceneId: intent.sceneId });
    case 'showPage':
      return withStep(session, { ...step, page: intent.page });
    case 'back':
      return step.query !== undefined || step.sceneId !== undefined
        ? withStep(session, { type: 'home', page: 0 })
        : withStep(session, { type: 'welcome' });
    case 'openQueue':
      return withStep(session, {
        type: 'queue',
        // Elders are offered their priority; the counter looks at the card.
        priority: session.mode === 'elder' ? 'elder' : 'none',
        taking: false,
      });
    case 'openToken':
      return intent.purpose === 'pickUp' && pickUpHere(world)?.available
        ? openShowToken(session, 'pickUp', now)
        : stay(session);
    case 'openItem': {
      const item = visibleItems(world).find(({ code }) => code === intent.code);
      if (!item) return stay(session);
      return withStep(
        {
          ...session,
          application: {
            itemCode: item.code,
            caseId: newId,
            form: {},
            from: {},
            visited: [],
            materials: {},
            rated: false,
          },
        },
        { type: 'guide' },
      );
    }
    default:
      return stay(session);
  }
};
