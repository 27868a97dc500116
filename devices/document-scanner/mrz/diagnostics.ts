// Health checks of a swiper, and its wire trace in words. Each check can fail; the folder's tests show it.

import type { CheckVerdict, HealthCheck } from '../../kit/device.ts';
import type { TraceEntry } from '../../kit/trace.ts';
import type { DocumentSwiper } from './api.ts';

type Ask = Parameters<HealthCheck['run']>[0];

const swipeMs = 30_000;

const verdict = (passed: boolean, code: string, detail: string): CheckVerdict => ({ passed, code, detail });

/** It cannot be asked: the port is all that can be known, and the verdict says so. */
const checkPort = (swiper: DocumentSwiper): CheckVerdict => {
  const { state, faults } = swiper.status();
  return state === 'online' || state === 'busy'
    ? verdict(true, 'portOnly', 'the port is open; a swiper speaks only when a document is swiped')
    : verdict(false, faults[0]?.code ?? 'deviceNotReady', `the swiper is ${state}`);
};

const checkSwipe = async (swiper: DocumentSwiper, ask: Ask): Promise<CheckVerdict> => {
  const isReady = await ask({
    zh: '请准备一本测试证件，点“是”以后刷一次。没有请点“否”',
    en: 'Have a test document ready; answer yes, then swipe it. Answer no if there is none',
  });
  if (!isReady) return verdict(false, 'noSpecimen', 'nobody had a document to swipe');
  const unread: string[] = [];
  const stop = swiper.onNotice((notice) => {
    if (notice.type === 'readFailed') unread.push(notice.reason);
  });
  try {
    const result = await swiper.execute(
      { type: 'readDocument' },
      { id: `check:swipe:${crypto.randomUUID()}`, timeoutMs: swipeMs },
    );
    if (!result.ok) return verdict(false, unread.at(-1) ?? result.error.code, result.error.message);
    const { format, type, issuer, number } = result.value.document;
    // The check's verdict is stored: no name, and no more of the number than a person needs to compare.
    const ending = number.slice(-3);
    const isRight = await ask({
      zh: `读到 ${issuer} 签发的 ${type} 类证件，号码以 ${ending} 结尾。对吗？`,
      en: `Read a document of type ${type} issued by ${issuer}, its number ending in ${ending}. Is that right?`,
    });
    return isRight
      ? verdict(true, 'passed', `${format}, type ${type}`)
      : verdict(false, 'wrongContent', `${format}, type ${type}`);
  } finally {
    stop();
  }
};

export const swiperChecks = (swiper: DocumentSwiper): readonly HealthCheck[] => [
  {
    name: 'port',
    scope: 'internal',
    title: { zh: '端口已打开', en: 'The port is open' },
    run: () => Promise.resolve(checkPort(swiper)),
  },
  {
    name: 'swipe',
    scope: 'interactive',
    title: { zh: '刷一本测试证件', en: 'Swipe a test document' },
    run: (ask) => checkSwipe(swiper, ask),
  },
];

const noteWords: Readonly<Record<string, { zh: string; en: string }>> = {
  notADocument: { zh: '不是证件的机读码，丢弃', en: 'not the lines of a document, thrown away' },
  tooLong: { zh: '内容太长，丢弃', en: 'too long, thrown away' },
};

/** One line of the wire trace in words. What stood on a document is never in it. */
export const explainTrace = (entry: TraceEntry): { zh: string; en: string } => {
  switch (entry.direction) {
    case 'in':
      return { zh: `刷了一次证件 ${entry.hex}`, en: `a swipe ${entry.hex}` };
    case 'out':
      return { zh: `发送：${entry.label}`, en: `sends: ${entry.label}` };
    case 'note': {
      const words = noteWords[entry.label];
      return words
        ? { zh: `${words.zh} ${entry.hex}`, en: `${words.en} ${entry.hex}` }
        : { zh: `连接断开（${entry.label}）`, en: `connection ended (${entry.label})` };
    }
    default:
      return entry.direction satisfies never;
  }
};
