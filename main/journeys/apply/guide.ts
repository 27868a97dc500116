// Before starting: what is needed, how long, and whether it can be finished here and now.

import type { Item } from '../../contract/catalogue.ts';
import type { Text } from '../../contract/text.ts';
import type { Outcome, World } from '../events.ts';
import { attemptOf, stay, withStep } from '../moves.ts';
import type { Part } from './part.ts';
import { enterForm } from './form.ts';

/** `no` names the device or the network that is missing; `later` is taken now and sent when the network is back. */
export const hereAndNow = (item: Item, world: World): { can: 'yes' | 'later' | 'no'; why?: Text } => {
  const missing = item.needs.filter((kind) => !world.devices[kind].available);
  const first = missing[0] && world.devices[missing[0]];
  if (first) return { can: 'no', ...(first.fault ? { why: first.fault.what } : {}) };
  if (world.isOnline) return { can: 'yes' };
  return item.offline === 'accept'
    ? {
        can: 'later',
        why: {
          zh: '网络暂时不通。现在可以办，申请先安全保存在这台机器里，网络恢复后自动送出。',
          en: 'The network is down. You can apply now: the application is kept safely in this machine and sent when the network is back.',
        },
      }
    : {
        can: 'no',
        why: { zh: '网络暂时不通，这件事需要联网才能办。', en: 'The network is down, and this service needs it.' },
      };
};

export const guideNext = ({ session, application, item, event, now, world }: Part): Outcome => {
  if (event.type !== 'intent') return stay(session);
  if (event.intent.type === 'back') {
    const { application: _dropped, ...rest } = session;
    return withStep(rest, { type: 'home', page: 0 });
  }
  if (event.intent.type !== 'next' || hereAndNow(item, world).can === 'no') return stay(session);
  // Somebody who was identified in this visit is not asked again.
  if (session.person) return enterForm(session, application, item, session.person);
  const { session: counted, attempt } = attemptOf(session);
  return withStep(counted, { type: 'identify', attempt, phase: 'waiting', sinceMs: now }, [
    { type: 'readCard', attempt },
  ]);
};
