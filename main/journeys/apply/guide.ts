// Before starting: what is needed, how long, and whether it can be finished here and now.

import type { Item } from '../../contract/catalogue.ts';
import type { Text } from '../../contract/text.ts';
import type { Outcome, World } from '../events.ts';
import { attemptOf, stay, withStep } from '../moves.ts';
import type { Part } from './part.ts';
import { enterForm } from './form.ts';

/** A page as cameras and scanners deliver it, once in the draft and once in the case. */
const pageBytes = 2 * 2 * 1024 * 1024;
/** Few hand over as many pages as they may. */
const likelyPages = 10;

/** What an application may take of the disk until it is sent. */
export const roomWanted = (item: Item): number =>
  pageBytes * (1 + item.materials.reduce((sum, { pages }) => sum + Math.min(pages.max, likelyPages), 0));

/** `no` names what is missing: room, a device or the network; `later` is taken now and sent when the network is back. */
export const hereAndNow = (item: Item, world: World): { can: 'yes' | 'later' | 'no'; why?: Text } => {
  // Asked before anything is handed over. What has begun is not asked again: it is finished, with the reserve if need be.
  if (world.roomBytes < roomWanted(item))
    return {
      can: 'no',
      why: {
        zh: '这台机器的存储空间不够，暂时不收新的申请，以免您的材料保存不下。取号照常。请换一台机器，或到窗口办理。',
        en: 'This machine is short of storage and takes no new applications, so that none of your documents is lost. Queue numbers work as usual. Please use another machine or a counter.',
      },
    };
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
