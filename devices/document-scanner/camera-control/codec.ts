// Bytes or reports of a camera's control channel → what they mean by the configured protocol. Pure.
//
//   serial: bytes ─▶ templates at the front of the buffer ─▶ frame      what fits none ─▶ discarded at the next fit or silence
//   HID:    report ─▶ first template that its beginning fits ─▶ frame   none ─▶ released

import { createByteQueue } from '../../kit/framing.ts';
import type { Decoded, Decoder } from '../../kit/machine.ts';
import type { CameraProtocol } from './config.ts';
import { match, templateOf, type Template } from './pattern.ts';

export type ControlFrame =
  | { type: 'shutter' }
  /** HID: a report in which no button is down. */
  | { type: 'released' }
  /** `value`: the level in it, in the protocol's own scale. */
  | { type: 'lampAnswer'; value?: number }
  | { type: 'alive' };

type Rule = { template: Template; type: 'shutter' | 'lampAnswer' | 'alive' };

const rejectedLimit = 1024;

const rulesOf = (protocol: CameraProtocol): Rule[] => [
  ...protocol.shutter.map((text): Rule => ({ template: templateOf(text), type: 'shutter' })),
  ...(protocol.lampAnswer === undefined
    ? []
    : [{ template: templateOf(protocol.lampAnswer), type: 'lampAnswer' } as const]),
  ...(protocol.heartbeat ? [{ template: templateOf(protocol.heartbeat.expect), type: 'alive' } as const] : []),
];

const frameOf = (type: Rule['type'], level: number | undefined): ControlFrame =>
  type === 'lampAnswer' && level !== undefined ? { type, value: level } : { type };

export const createSerialControlDecoder = (protocol: CameraProtocol): Decoder<ControlFrame> => {
  const rules = rulesOf(protocol);
  const queue = createByteQueue();
  let rejected: number[] = [];

  const scan = (isSilent: boolean): Decoded<ControlFrame>[] => {
    const decoded: Decoded<ControlFrame>[] = [];
    const flush = (): void => {
      if (rejected.length > 0)
        decoded.push({ type: 'discarded', bytes: Uint8Array.from(rejected), reason: 'nothing of this protocol' });
      rejected = [];
    };
    while (queue.length > 0) {
      const verdicts = rules.map((rule) => ({ rule, verdict: match(rule.template, queue.view()) }));
      const full = verdicts
        .filter(({ verdict }) => verdict.type === 'full')
        .sort((a, b) => b.rule.template.length - a.rule.template.length)[0];
      const mayGrow = verdicts.some(({ verdict }) => verdict.type === 'part');
      // A short frame may be the beginning of a longer one: only the silence tells.
      if (mayGrow && !isSilent) break;
      if (full && full.verdict.type === 'full') {
        flush();
        const bytes = queue.take(full.rule.template.length);
        decoded.push({ type: 'frame', frame: frameOf(full.rule.type, full.verdict.level), bytes });
        continue;
      }
      rejected.push(...queue.take(1));
      if (rejected.length >= rejectedLimit) flush();
    }
    if (isSilent) flush();
    return decoded;
  };

  return {
    idleMs: protocol.idleMs,
    push(chunk) {
      const dropped = queue.append(chunk);
      const decoded = scan(false);
      return dropped ? [{ type: 'discarded', bytes: dropped, reason: 'too much at once' }, ...decoded] : decoded;
    },
    idle: () => scan(true),
  };
};

/** A report that repeats a held button is one press: a press begins with a report in which the button was up before. */
export const createHidControlDecoder = (protocol: CameraProtocol): Decoder<ControlFrame> => {
  const rules = rulesOf(protocol);
  let isDown = false;
  return {
    push(report): Decoded<ControlFrame>[] {
      for (const { template, type } of rules) {
        const verdict = match(template, report);
        if (verdict.type !== 'full') continue;
        const isHeld = type === 'shutter' && isDown;
        // Answers say nothing of the button.
        if (type === 'shutter') isDown = true;
        return isHeld
          ? [{ type: 'discarded', bytes: report, reason: 'the button is still down' }]
          : [{ type: 'frame', frame: frameOf(type, verdict.level), bytes: report }];
      }
      isDown = false;
      return [{ type: 'frame', frame: { type: 'released' }, bytes: report }];
    },
  };
};
