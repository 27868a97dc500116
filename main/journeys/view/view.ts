// State → what the screen shows. Pure; masks what is personal; picks words for troubles.

import type { View, Screen } from '../../contract/view.ts';
import type { World } from '../events.ts';
import type { KioskState, Session } from '../state.ts';
import { applyScreen } from './apply-screens.ts';
import { homeScreen } from './home-screens.ts';
import { depositScreen, pickUpScreen, showTokenScreen } from './token-screens.ts';
import { attractScreen, goodbyeScreen, queueScreen, ticketScreen } from './visit-screens.ts';

const stepTitles = [
  { zh: '看清楚', en: 'Overview' },
  { zh: '验身份', en: 'Identity' },
  { zh: '填表', en: 'Form' },
  { zh: '交材料', en: 'Documents' },
  { zh: '核对签名', en: 'Review & sign' },
  { zh: '拿回执', en: 'Receipt' },
];
const toastTexts = {
  helpCalled: {
    zh: '求助已记录，正在发给值班台',
    en: 'Your call for help is recorded and on its way to the duty desk',
  },
  helpUnreachable: {
    zh: '网络不通，暂时通知不到值班台。请拨打机身上的服务电话',
    en: 'The network is down, so the duty desk cannot be told. Please call the number on this machine',
  },
} as const;

const stepIndex: Partial<Record<Session['step']['type'], number>> = {
  guide: 0,
  identify: 1,
  form: 2,
  materials: 3,
  review: 4,
  sign: 4,
  submit: 4,
  receipt: 5,
  locker: 5,
};

export const viewOf = (state: KioskState, world: World, now: number): Omit<View, 'revision' | 'visitKey'> => {
  const { session } = state;
  const index = session && stepIndex[session.step.type];
  const idleMs = session ? now - session.lastActMs : 0;
  const warns = session && session.step.type !== 'goodbye' && idleMs >= world.session.idleWarningMs;
  return {
    language: session?.language ?? 'zh',
    mode: session?.mode ?? 'standard',
    hall: world.hall,
    nowMs: now,
    isOnline: world.isOnline,
    waitingToSend: world.waitingToSend,
    ...(index === undefined ? {} : { progress: { index, total: stepTitles.length, titles: stepTitles } }),
    ...(warns ? { idleWarning: { wipeAtMs: session.lastActMs + world.session.idleWipeMs } } : {}),
    ...(session?.toast
      ? {
          toast: {
            id: session.toast.id,
            text: toastTexts[session.toast.kind],
          },
        }
      : {}),
    panel: world.panel,
    ...(world.dockUrl ? { dockUrl: world.dockUrl } : {}),
    screen: screenOf(state, world, now),
  };
};

const screenOf = (state: KioskState, world: World, now: number): Screen => {
  if (state.outOfService) return { type: 'outOfService', fault: world.faultText(state.outOfService) };
  const { session } = state;
  if (!session) return attractScreen(world);
  const { step } = session;
  switch (step.type) {
    case 'welcome':
      return { type: 'welcome' };
    case 'home':
      return homeScreen(session, step, world);
    case 'queue':
      return queueScreen(step, world);
    case 'ticket':
      return ticketScreen(step, world);
    case 'showToken':
      return showTokenScreen(step, world, now);
    case 'pickUp':
      return pickUpScreen(step, world);
    case 'deposit':
      return depositScreen(session, step, world);
    case 'goodbye':
      return goodbyeScreen(session, step, world);
    default:
      return applyScreen(session, step, world, now);
  }
};
