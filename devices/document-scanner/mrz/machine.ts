// The swiper's machine. It speaks only when a hand swipes, so it cannot be asked anything: an open port counts as online.
//
//   closed ─opened─▶ ready ─readDocument─▶ waiting ─document──────────▶ answered
//                      ▲                     │  ▲ unread: notice, waits on
//                      └──── cancel, deadline┘
//
// A document is answered once and kept nowhere.

import type { DeviceEffect, DeviceMachine, DeviceStep } from '../../kit/machine.ts';
import { fail, ok } from '../../kit/result.ts';
import type { SwipeCommand, SwipeNotice, SwipeReply } from './api.ts';
import type { MrzFrame } from './codec.ts';
import { withDates } from './mrz.ts';

type SwiperState = { job?: string | undefined };

type Effect = DeviceEffect<SwipeReply, SwipeNotice>;
type Step = DeviceStep<SwiperState, SwipeReply, SwipeNotice>;
export type SwiperMachine = DeviceMachine<SwiperState, MrzFrame, SwipeCommand, SwipeReply, SwipeNotice>;

const online: Effect = { type: 'status', state: 'online', faults: [] };

const onFrame = (state: SwiperState, frame: MrzFrame, now: number): Step => {
  if (frame.type === 'unread') {
    const { type: _unread, ...what } = frame;
    return {
      state,
      effects: [
        { type: 'notice', notice: { type: 'readFailed', ...what } },
        { type: 'count', name: `unread.${frame.field ?? frame.reason}` },
      ],
    };
  }
  if (state.job === undefined)
    return {
      state,
      effects: [
        { type: 'notice', notice: { type: 'ignoredDocument' } },
        { type: 'count', name: 'ignoredDocuments' },
      ],
    };
  return {
    state: {},
    effects: [
      { type: 'count', name: 'documentsRead' },
      { type: 'complete', id: state.job, result: ok({ type: 'document', document: withDates(frame.document, now) }) },
      online,
    ],
  };
};

export const createSwiperMachine = (): SwiperMachine => ({
  initial: {},
  next(state, event, now) {
    switch (event.type) {
      case 'opened':
        return {
          state: {},
          effects: [{ type: 'identity', identity: { capabilities: ['readDocument', 'TD1', 'TD2', 'TD3'] } }, online],
        };
      case 'lost':
        // The runner ends the command: whoever stood there is asked to swipe again.
        return { state: {}, effects: [] };
      case 'frame':
        return onFrame(state, event.frame, now);
      case 'command':
        return {
          state: { job: event.id },
          // What came of a swipe before the question belongs to somebody else.
          effects: [{ type: 'resetDecoder' }, { type: 'status', state: 'busy', faults: [] }],
        };
      case 'cancel': {
        if (state.job !== event.id) return { state, effects: [] };
        const text = event.reason === 'timeOut' ? 'no document was swiped in time' : 'the caller gave up';
        return {
          state: {},
          effects: [{ type: 'complete', id: event.id, result: fail(event.reason, 'citizen', text) }, online],
        };
      }
      case 'discarded':
      case 'timer':
        return { state, effects: [] };
      default:
        return event satisfies never;
    }
  },
});
