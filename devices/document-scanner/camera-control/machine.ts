// The control channel's machine, one for serial and HID: what is sent is data, what is heard comes from a decoder.
//
//   closed ─opened─▶ hello ─heartbeat answered─▶ ready ─setLamp─▶ waiting for its answer ─▶ ready
//                      │ (no heartbeat in the        │ button ─▶ notice shutter
//                      └──data: ready at once)       └ nobody sets the lamp for long ─▶ off

import { fail, ok } from '../../kit/result.ts';
import type { DeviceEffect, DeviceEvent, DeviceMachine } from '../../kit/machine.ts';
import type { CameraControlCommand, CameraControlNotice, CameraControlReply } from './api.ts';
import type { ControlFrame } from './codec.ts';
import type { CameraProtocol } from './config.ts';
import { fill, templateOf } from './pattern.ts';

/** For the answer to a lamp command or a heartbeat. */
export const answerTimeoutMs = 1000;
const retryMs = 1000;
export const missLimit = 3;
/** An answer that did not come by then will not come: until then one that comes may be to an earlier command. */
export const forgetMs = 3000;

type ControlState = {
  phase: 'closed' | 'hello' | 'ready';
  misses: number;
  isAsked: boolean;
  /** Lamp commands whose answers may still come. */
  owed: number;
  /** In the protocol's scale and in percent. */
  lamp: { id: string; value: number; level: number } | undefined;
  linkCheck: string | undefined;
  lastShutterAtMs: number | undefined;
};

export type ControlSettings = {
  protocol: CameraProtocol;
  lampOffAfterMs: number;
  /** How bytes are put into one write: a serial line takes them as they are, a report is filled up. */
  pack(bytes: Uint8Array): Uint8Array;
};

type Effect = DeviceEffect<CameraControlReply, CameraControlNotice>;
type Turn = { state: ControlState; effects: Effect[] };
export type ControlMachine = DeviceMachine<
  ControlState,
  ControlFrame,
  CameraControlCommand,
  CameraControlReply,
  CameraControlNotice
>;

const initial: ControlState = {
  phase: 'closed',
  misses: 0,
  isAsked: false,
  owed: 0,
  lamp: undefined,
  linkCheck: undefined,
  lastShutterAtMs: undefined,
};

/** What is sent for a level, what stands for it in the protocol, and what the lamp then really has. */
export const lampPlan = (
  lamp: NonNullable<CameraProtocol['lamp']>,
  level: number,
): { send: readonly string[]; value: number; level: number } => {
  switch (lamp.type) {
    case 'switch':
      return level > 0 ? { send: lamp.on, value: 1, level: 100 } : { send: lamp.off, value: 0, level: 0 };
    case 'steps': {
      // Off is off: a faint light that was asked for is not rounded to none.
      const steps = level > 0 ? lamp.steps.filter((step) => step.level > 0) : lamp.steps;
      const nearest = [...steps].sort((a, b) => Math.abs(a.level - level) - Math.abs(b.level - level))[0];
      return nearest ? { send: nearest.send, value: nearest.level, level: nearest.level } : lampPlan(lamp, 0);
    }
    case 'level': {
      const value = level > 0 ? Math.max(1, Math.round((level / 100) * lamp.max)) : 0;
      return { send: lamp.send, value, level: Math.round((100 * value) / lamp.max) };
    }
    default:
      return lamp satisfies never;
  }
};

export const createControlMachine = ({ protocol, lampOffAfterMs, pack }: ControlSettings): ControlMachine => {
  const { heartbeat, lamp: lampProtocol, lampAnswer } = protocol;
  const answerHasLevel = lampAnswer?.includes('LEVEL') === true;

  const set = (turn: Turn, change: Partial<ControlState>): void => {
    turn.state = { ...turn.state, ...change };
  };
  const send = (turn: Turn, lines: readonly string[], label: string, value = 0): void => {
    for (const line of lines) turn.effects.push({ type: 'send', bytes: pack(fill(templateOf(line), value)), label });
  };
  const timer = (turn: Turn, name: string, delayMs: number): void =>
    void turn.effects.push({ type: 'timer', name, delayMs });
  const clear = (turn: Turn, name: string): void => void turn.effects.push({ type: 'clearTimer', name });
  const failed = (turn: Turn, id: string, code: string, message: string): void =>
    void turn.effects.push({ type: 'complete', id, result: fail(code, 'engineer', message) });
  const done = (turn: Turn, id: string, value: CameraControlReply): void =>
    void turn.effects.push({ type: 'complete', id, result: ok(value) });
  const online = (turn: Turn): void => void turn.effects.push({ type: 'status', state: 'online', faults: [] });

  const ask = (turn: Turn): void => {
    if (!heartbeat) return;
    set(turn, { isAsked: true });
    clear(turn, 'heartbeat');
    send(turn, [heartbeat.send], 'heartbeat');
    timer(turn, 'answer', answerTimeoutMs);
  };

  const missed = (turn: Turn): void => {
    const { linkCheck, misses } = turn.state;
    if (linkCheck !== undefined) failed(turn, linkCheck, 'timeOut', 'the camera’s control channel does not answer');
    set(turn, { isAsked: false, misses: misses + 1, linkCheck: undefined });
    if (misses + 1 < missLimit) {
      timer(turn, 'heartbeat', retryMs);
      return;
    }
    turn.effects.push(
      { type: 'status', state: 'offline', faults: [{ code: 'deviceSilent', who: 'engineer' }] },
      { type: 'reopen', reason: 'silent' },
    );
  };

  const setLamp = (turn: Turn, id: string, wanted: number): void => {
    if (!lampProtocol) {
      failed(turn, id, 'unsupportedCommand', 'this control channel has no lamp');
      return;
    }
    const plan = lampPlan(lampProtocol, Math.min(100, Math.max(0, wanted)));
    send(turn, plan.send, plan.level > 0 ? `lamp ${plan.level}%` : 'lamp off', plan.value);
    if (plan.level > 0) timer(turn, 'lampOff', lampOffAfterMs);
    else clear(turn, 'lampOff');
    if (lampAnswer === undefined) {
      done(turn, id, { type: 'lampSet', level: plan.level, isConfirmed: false });
      return;
    }
    set(turn, { lamp: { id, value: plan.value, level: plan.level }, owed: turn.state.owed + plan.send.length });
    timer(turn, 'lamp', answerTimeoutMs);
    timer(turn, 'forget', forgetMs);
  };

  const onLampAnswer = (turn: Turn, value: number | undefined): void => {
    const { lamp, owed } = turn.state;
    set(turn, { owed: Math.max(0, owed - 1) });
    // Without a level in it an answer may be to an earlier command: only the last one that is owed is to this.
    const isForThis = answerHasLevel ? value === lamp?.value : owed <= 1;
    if (!lamp || !isForThis) {
      turn.effects.push({ type: 'count', name: 'lateAnswers' });
      return;
    }
    set(turn, { lamp: undefined });
    clear(turn, 'lamp');
    done(turn, lamp.id, { type: 'lampSet', level: lamp.level, isConfirmed: true });
  };

  const onShutter = (turn: Turn, now: number): void => {
    const { lastShutterAtMs } = turn.state;
    set(turn, { lastShutterAtMs: now });
    if (lastShutterAtMs !== undefined && now - lastShutterAtMs < protocol.bounceMs) {
      turn.effects.push({ type: 'count', name: 'bounces' });
      return;
    }
    turn.effects.push({ type: 'count', name: 'presses' }, { type: 'notice', notice: { type: 'shutter' } });
  };

  const onFrame = (turn: Turn, frame: ControlFrame, now: number): void => {
    switch (frame.type) {
      case 'shutter':
        onShutter(turn, now);
        return;
      case 'lampAnswer':
        onLampAnswer(turn, frame.value);
        return;
      case 'alive': {
        const { linkCheck } = turn.state;
        set(turn, { phase: 'ready', misses: 0, isAsked: false, linkCheck: undefined });
        clear(turn, 'answer');
        if (heartbeat) timer(turn, 'heartbeat', heartbeat.everyMs);
        online(turn);
        if (linkCheck !== undefined) done(turn, linkCheck, { type: 'done' });
        return;
      }
      case 'released':
        return;
      default:
        frame satisfies never;
    }
  };

  const onCommand = (turn: Turn, id: string, command: CameraControlCommand): void => {
    if (turn.state.phase !== 'ready') {
      failed(turn, id, 'deviceNotReady', 'the control channel has not answered yet');
      return;
    }
    switch (command.type) {
      case 'setLamp':
        setLamp(turn, id, command.level);
        return;
      case 'checkLink':
        if (!heartbeat) failed(turn, id, 'cannotVerify', 'this protocol has no heartbeat');
        else {
          set(turn, { linkCheck: id });
          ask(turn);
        }
        return;
      default:
        command satisfies never;
    }
  };

  const onTimer = (turn: Turn, name: string): void => {
    const { lamp } = turn.state;
    if (name === 'answer') missed(turn);
    else if (name === 'heartbeat') ask(turn);
    else if (name === 'forget') set(turn, { owed: 0 });
    else if (name === 'lamp' && lamp) {
      set(turn, { lamp: undefined });
      failed(turn, lamp.id, 'lampSilent', 'the lamp command was not answered');
    } else if (name === 'lampOff' && lampProtocol) {
      const plan = lampPlan(lampProtocol, 0);
      send(turn, plan.send, 'lamp off', plan.value);
      if (lampAnswer !== undefined) {
        set(turn, { owed: turn.state.owed + plan.send.length });
        timer(turn, 'forget', forgetMs);
      }
      turn.effects.push({ type: 'notice', notice: { type: 'lampTimedOut' } });
    }
  };

  const handle = (turn: Turn, event: DeviceEvent<ControlFrame, CameraControlCommand>, now: number): void => {
    switch (event.type) {
      case 'opened': {
        turn.state = { ...initial, phase: heartbeat ? 'hello' : 'ready' };
        send(turn, protocol.open, 'open');
        const capabilities = [
          ...(lampProtocol ? ['lamp'] : []),
          ...(protocol.shutter.length > 0 ? ['shutter'] : []),
          ...(heartbeat ? ['heartbeat'] : []),
        ];
        turn.effects.push({ type: 'identity', identity: { capabilities } });
        // Without a heartbeat nothing more can be known: the port is open. The README and the check `link` say so.
        if (heartbeat) ask(turn);
        else online(turn);
        return;
      }
      case 'lost':
        turn.state = initial;
        return;
      case 'frame':
        onFrame(turn, event.frame, now);
        return;
      case 'discarded':
        turn.effects.push({ type: 'count', name: 'unknownBytes', by: event.length });
        return;
      case 'timer':
        onTimer(turn, event.name);
        return;
      case 'command':
        onCommand(turn, event.id, event.command);
        return;
      case 'cancel':
        set(turn, { lamp: undefined, linkCheck: undefined });
        clear(turn, 'lamp');
        failed(turn, event.id, event.reason, 'given up');
        return;
      default:
        event satisfies never;
    }
  };

  return {
    initial,
    next(state, event, now) {
      const turn: Turn = { state, effects: [] };
      handle(turn, event, now);
      return { state: turn.state, effects: turn.effects };
    },
  };
};
