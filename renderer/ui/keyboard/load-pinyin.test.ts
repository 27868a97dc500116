// The lexicon comes when it is wanted, once, and a failure is said and can be tried again.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import lexiconText from './pinyin-lexicon.json?raw';

/** A page that has just been opened. */
const load = () => {
  vi.resetModules();
  return import('./load-pinyin.ts');
};

type Fetch = () => Promise<Response>;

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => undefined));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('the lexicon', () => {
  it('is not fetched before anyone wants to type', async () => {
    const fetched = vi.fn<Fetch>();
    vi.stubGlobal('fetch', fetched);
    const { pinyinStatus } = await load();
    expect(pinyinStatus()).toBeUndefined();
    expect(fetched).not.toHaveBeenCalled();
  });

  it('is fetched once, however many keyboards ask', async () => {
    const fetched = vi.fn<Fetch>(() => Promise.resolve(new Response(lexiconText)));
    vi.stubGlobal('fetch', fetched);
    const { pinyinStatus, preparePinyin, watchPinyin } = await load();
    preparePinyin();
    preparePinyin();
    expect(pinyinStatus()).toEqual({ state: 'loading' });
    await new Promise<void>((resolve) => void watchPinyin(resolve));
    preparePinyin();
    expect(fetched).toHaveBeenCalledTimes(1);
    const status = pinyinStatus();
    expect(status?.state === 'ready' && status.engine.candidates('shequ', 1)).toEqual([{ text: '社区', consumed: 5 }]);
  });

  it.each([
    ['is missing', () => Promise.resolve(new Response('', { status: 404 }))],
    ['is cut off', () => Promise.resolve(new Response(lexiconText.slice(0, 1000)))],
    ['is damaged', () => Promise.resolve(new Response(JSON.stringify({ format: 1, about: '', trie: ['1zzz字aa'] })))],
    ['cannot be reached', () => Promise.reject(new TypeError('Failed to fetch'))],
  ])('that %s is reported, and asked for again on the next wish', async (_, answer) => {
    const fetched = vi.fn<Fetch>(answer);
    vi.stubGlobal('fetch', fetched);
    const { pinyinStatus, preparePinyin, watchPinyin } = await load();
    preparePinyin();
    await new Promise<void>((resolve) => void watchPinyin(resolve));
    expect(pinyinStatus()).toEqual({ state: 'failed' });
    fetched.mockImplementation(() => Promise.resolve(new Response(lexiconText)));
    preparePinyin();
    expect(pinyinStatus()).toEqual({ state: 'loading' });
    expect(fetched).toHaveBeenCalledTimes(2);
  });
});
