// Brings the lexicon when it is first wanted and keeps the engine for the life of the page: the start of the screens
// does not wait for it, and every keyboard shares one.

import lexiconUrl from './pinyin-lexicon.json?url';
import type { PinyinLexicon } from './lexicon-format.ts';
import { createPinyinEngine, type PinyinEngine } from './pinyin.ts';

export type PinyinStatus = { state: 'loading' } | { state: 'ready'; engine: PinyinEngine } | { state: 'failed' };

let status: PinyinStatus | undefined;
const watchers = new Set<() => void>();

const become = (now: PinyinStatus): void => {
  status = now;
  for (const watcher of watchers) watcher();
};

const load = async (): Promise<void> => {
  try {
    const response = await fetch(lexiconUrl);
    if (!response.ok) throw new Error(`the pinyin lexicon answered ${response.status}`);
    become({ state: 'ready', engine: createPinyinEngine((await response.json()) as PinyinLexicon) });
  } catch (error) {
    console.warn('pinyin is not available', error);
    become({ state: 'failed' });
  }
};

/**
 * Starts loading unless it is loading or loaded; after a failure it tries again. Call it when the page is idle (on the
 * attract screen) to have pinyin ready before the first field.
 */
export const preparePinyin = (): void => {
  if (status?.state === 'loading' || status?.state === 'ready') return;
  become({ state: 'loading' });
  void load();
};

/** For `useSyncExternalStore`. */
export const watchPinyin = (watcher: () => void): (() => void) => {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
};

/** Undefined until someone asked for it. */
export const pinyinStatus = (): PinyinStatus | undefined => status;
