// Bytes from the pad → keys, by the rules of the configured protocol. What fits no rule is kept until a silence and then
// reported in one piece.
//
//   bytes ─▶ templates at the front of the buffer ─┬▶ key, alive
//            regular expressions after a silence ──┘
//            neither ─▶ discarded

import { createByteQueue } from '../kit/framing.ts';
import type { Decoded, Decoder } from '../kit/machine.ts';
import type { RatingLevel } from './api.ts';
import type { PadProtocol } from './config.ts';
import { match, templateOf, type Template } from './pattern.ts';

export type PadFrame =
  | { type: 'key'; level: RatingLevel }
  /** All keys that are down, of a pad that tells that instead of presses. `isUnknown`: one of them means nothing. */
  | { type: 'held'; levels: readonly RatingLevel[]; isUnknown: boolean }
  | { type: 'alive' };

type TemplateRule = { template: Template; frame: PadFrame };
type TextRule = { regex: RegExp; frame: PadFrame };

/** A pad that babbles without a pause fills no memory. */
const rejectedLimit = 1024;

const rulesOf = (protocol: PadProtocol): { templates: TemplateRule[]; texts: TextRule[] } => {
  const templates: TemplateRule[] = [];
  const texts: TextRule[] = [];
  for (const rule of protocol.match) {
    const frame: PadFrame = { type: 'key', level: rule.level };
    if ('bytes' in rule) templates.push({ template: templateOf(rule.bytes), frame });
    // The whole burst, not a part of it: "15" is not the key 5.
    else texts.push({ regex: new RegExp(`^(?:${rule.regex})$`, 's'), frame });
  }
  if (protocol.heartbeat) templates.push({ template: templateOf(protocol.heartbeat.expect), frame: { type: 'alive' } });
  return { templates, texts };
};

type Verdict = { type: 'frame'; length: number; frame: PadFrame } | { type: 'wait' } | { type: 'reject' };

const judge = (templates: readonly TemplateRule[], bytes: Uint8Array, isSilent: boolean): Verdict => {
  let best: TemplateRule | undefined;
  let mayGrow = false;
  for (const rule of templates) {
    const verdict = match(rule.template, bytes);
    if (verdict === 'part') mayGrow = true;
    if (verdict === 'full' && rule.template.length > (best?.template.length ?? 0)) best = rule;
  }
  // "31" may be the beginning of "31 0D": only the silence tells.
  if (mayGrow && !isSilent) return { type: 'wait' };
  return best ? { type: 'frame', length: best.template.length, frame: best.frame } : { type: 'reject' };
};

export const createPadDecoder = (protocol: PadProtocol): Decoder<PadFrame> => {
  const { templates, texts } = rulesOf(protocol);
  const queue = createByteQueue();
  let rejected: number[] = [];

  const scan = (isSilent: boolean): Decoded<PadFrame>[] => {
    const decoded: Decoded<PadFrame>[] = [];
    const flush = (): void => {
      if (rejected.length > 0)
        decoded.push({ type: 'discarded', bytes: Uint8Array.from(rejected), reason: 'no key sends this' });
      rejected = [];
    };
    const takeFrame = (length: number, frame: PadFrame): void => {
      flush();
      decoded.push({ type: 'frame', frame, bytes: queue.take(length) });
    };
    if (isSilent && queue.length > 0 && rejected.length === 0) {
      const text = Buffer.from(queue.view()).toString('latin1');
      const rule = texts.find(({ regex }) => regex.test(text));
      if (rule) takeFrame(queue.length, rule.frame);
    }
    while (queue.length > 0) {
      const verdict = judge(templates, queue.view(), isSilent);
      if (verdict.type === 'wait') break;
      if (verdict.type === 'frame') {
        takeFrame(verdict.length, verdict.frame);
        continue;
      }
      // A regular expression needs the whole burst.
      if (texts.length > 0 && !isSilent) break;
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
