// Health checks of a pad, and its wire trace in words. Each check can fail; the folder's tests show it.

import type { CheckVerdict, HealthCheck } from '../kit/device.ts';
import type { TraceEntry } from '../kit/trace.ts';
import type { RatingPad } from './api.ts';

type Ask = Parameters<HealthCheck['run']>[0];

const quickMs = 5000;
const personMs = 30_000;

const runId = (name: string): string => `check:${name}:${crypto.randomUUID()}`;
const verdict = (passed: boolean, code: string, detail: string): CheckVerdict => ({ passed, code, detail });

const causeOf = (pad: RatingPad, otherwise: string): string => pad.status().faults[0]?.code ?? otherwise;

const checkLink = async (pad: RatingPad, silentDetail: string): Promise<CheckVerdict> => {
  const result = await pad.execute({ type: 'checkLink' }, { id: runId('link'), timeoutMs: quickMs });
  if (result.ok) return verdict(true, 'passed', 'the pad answered');
  if (result.error.code !== 'cannotVerify')
    return verdict(false, causeOf(pad, result.error.code), result.error.message);
  const { state } = pad.status();
  return state === 'online'
    ? verdict(true, 'passed', silentDetail)
    : verdict(false, causeOf(pad, 'deviceNotReady'), state);
};

const checkPrompt = async (pad: RatingPad, ask: Ask): Promise<CheckVerdict> => {
  const result = await pad.execute({ type: 'testPrompt' }, { id: runId('prompt'), timeoutMs: quickMs });
  if (!result.ok) return verdict(false, causeOf(pad, result.error.code), result.error.message);
  const wasSeen = await ask({
    zh: '评价器刚才是否亮起或发声，提示评价？',
    en: 'Did the pad just light up or speak to ask for a rating?',
  });
  return wasSeen
    ? verdict(true, 'passed', 'a person noticed the prompt')
    : verdict(false, 'noPrompt', 'a person noticed no prompt');
};

const runPrompt = async (pad: RatingPad): Promise<CheckVerdict> => {
  const result = await pad.execute({ type: 'testPrompt' }, { id: runId('testPrompt'), timeoutMs: quickMs });
  return result.ok
    ? verdict(true, 'passed', 'prompt sent and ended')
    : verdict(false, causeOf(pad, result.error.code), result.error.message);
};

const checkKey = async (pad: RatingPad, ask: Ask): Promise<CheckVerdict> => {
  const stop = new AbortController();
  const rating = pad.execute({ type: 'askRating' }, { id: runId('key'), timeoutMs: personMs, signal: stop.signal });
  const wasPressed = await ask({
    zh: '请在评价器上按“非常满意”，按完后点“是”',
    en: 'Press “very satisfied” on the pad, then answer yes',
  });
  // A key that was pressed is here by now; one that did not arrive will not come.
  stop.abort();
  const result = await rating;
  if (!result.ok) return verdict(false, causeOf(pad, result.error.code), result.error.message);
  if (result.value.type !== 'rated')
    return verdict(false, 'noKey', wasPressed ? 'pressed, but nothing arrived' : 'nobody pressed a key');
  return result.value.level === 5
    ? verdict(true, 'passed', 'level 5 arrived')
    : verdict(false, 'wrongKey', `level ${result.value.level} arrived instead of 5`);
};

/** `silentDetail`: what an open port says of a pad whose protocol has no question. */
export const padChecks = (pad: RatingPad, silentDetail: string): readonly HealthCheck[] => [
  { name: 'link', scope: 'internal', title: { zh: '连接', en: 'Link' }, run: () => checkLink(pad, silentDetail) },
  {
    name: 'prompt',
    scope: 'external',
    title: { zh: '发出评价提示', en: 'Send a prompt' },
    run: () => runPrompt(pad),
  },
  {
    name: 'promptSeen',
    scope: 'interactive',
    title: { zh: '评价提示由人确认', en: 'Prompt, noticed by a person' },
    run: (ask) => checkPrompt(pad, ask),
  },
  { name: 'key', scope: 'interactive', title: { zh: '按键测试', en: 'Key test' }, run: (ask) => checkKey(pad, ask) },
];

const sentWords: Readonly<Record<string, { zh: string; en: string }>> = {
  open: { zh: '打开后的初始化', en: 'Initialises after opening' },
  prompt: { zh: '请办事人评价', en: 'Asks for a rating' },
  cancel: { zh: '结束评价提示', en: 'Ends the prompt' },
  heartbeat: { zh: '询问评价器是否在线', en: 'Asks whether the pad is there' },
};

/** One entry of the wire trace in words. Keys are traced by length only: how a citizen rated is nobody's business. */
export const explainTrace = (entry: TraceEntry): { zh: string; en: string } => {
  switch (entry.direction) {
    case 'out': {
      const words = sentWords[entry.label] ?? { zh: `发送：${entry.label}`, en: `Sends: ${entry.label}` };
      return { zh: `${words.zh}(${entry.hex})`, en: `${words.en} (${entry.hex})` };
    }
    case 'in':
      if (/^00( 00)*$/.test(entry.hex)) return { zh: '按键都已松开', en: 'All keys are up' };
      return entry.hex.endsWith('private)')
        ? { zh: '收到一次按键（内容不记录）', en: 'A key arrived (which one is not recorded)' }
        : { zh: `评价器应答（${entry.hex}）`, en: `The pad answered (${entry.hex})` };
    case 'note':
      return { zh: `丢弃或断开：${entry.label}`, en: `Discarded or lost: ${entry.label}` };
    default:
      entry.direction satisfies never;
      return { zh: '', en: '' };
  }
};
