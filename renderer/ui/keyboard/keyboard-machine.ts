// What pressing does. Pure: state and event in, state and effects out; the component performs the effects and shows the
// state, the pinyin engine stands behind `lookUp`.
//
//   key ─▶ composition (letters not yet words) ─▶ candidate chosen ─▶ effect `text` ─▶ the field

import type { Key, KeyboardLayout } from './keys.ts';
import { longestInput, type Candidate } from './pinyin.ts';

export type KeyboardState = {
  script: 'pinyin' | 'latin';
  page: 'letters' | 'symbols';
  /** `once` lasts for one letter. */
  shift: 'off' | 'once' | 'locked';
  /** Letters and apostrophes typed in pinyin that are not words yet. */
  composition: string;
  /** The candidates cover the keys, page by page. */
  isExpanded: boolean;
  candidatePage: number;
};

export type KeyboardEvent =
  | { type: 'key'; key: Key }
  | { type: 'choose'; candidate: Candidate }
  | { type: 'expand' }
  | { type: 'collapse' }
  | { type: 'turn'; pages: number }
  /** The lexicon could not be loaded: typed letters become plain text, so that nothing is lost. */
  | { type: 'pinyinFailed' };

export type KeyboardEffect =
  | { type: 'text'; text: string }
  | { type: 'backspace' }
  | { type: 'clear' }
  | { type: 'enter' }
  /** Asks for the lexicon (again). */
  | { type: 'loadPinyin' };

/** Candidates of the letters, best first; undefined while the lexicon is being loaded. */
export type LookUp = (letters: string) => readonly Candidate[] | undefined;

export type KeyboardStep = { state: KeyboardState; effects: KeyboardEffect[] };

export const initialKeyboard = (layout: KeyboardLayout): KeyboardState => ({
  script: layout === 'pinyin' ? 'pinyin' : 'latin',
  page: 'letters',
  shift: 'off',
  composition: '',
  isExpanded: false,
  candidatePage: 0,
});

const closed = { isExpanded: false, candidatePage: 0 } as const;

/** Turns all letters into text by the best candidates; letters that are no sound stay letters. */
const convert = (letters: string, lookUp: LookUp): string | undefined => {
  let text = '';
  let rest = letters;
  while (rest !== '') {
    const found = lookUp(rest);
    if (found === undefined) return undefined;
    const best = found[0];
    if (best === undefined) return text + rest.replaceAll("'", '');
    text += best.text;
    rest = rest.slice(best.consumed);
  }
  return text;
};

/** Writes the composition out, then `more`; keeps everything as it is while the lexicon is still on its way. */
const finishComposition = (state: KeyboardState, lookUp: LookUp, more: KeyboardEffect[]): KeyboardStep => {
  if (state.composition === '') return { state, effects: more };
  const text = convert(state.composition, lookUp);
  if (text === undefined) return { state, effects: [] };
  return { state: { ...state, ...closed, composition: '' }, effects: [{ type: 'text', text }, ...more] };
};

const pressLetter = (state: KeyboardState, letter: string): KeyboardStep => {
  if (state.script === 'pinyin') {
    if (state.composition.length >= longestInput) return { state, effects: [] };
    return { state: { ...state, ...closed, composition: state.composition + letter }, effects: [] };
  }
  const text = state.shift === 'off' ? letter : letter.toUpperCase();
  return {
    state: { ...state, shift: state.shift === 'locked' ? 'locked' : 'off' },
    effects: [{ type: 'text', text }],
  };
};

const shiftAfter = { off: 'once', once: 'locked', locked: 'off' } as const;

const pressKey = (state: KeyboardState, key: Key, lookUp: LookUp): KeyboardStep => {
  const isComposing = state.composition !== '';
  switch (key.type) {
    case 'letter':
      return pressLetter(state, key.letter);
    case 'text':
      return finishComposition(state, lookUp, [{ type: 'text', text: key.text }]);
    case 'space':
      return isComposing ? finishComposition(state, lookUp, []) : { state, effects: [{ type: 'text', text: ' ' }] };
    case 'split': {
      const canSplit = isComposing && !state.composition.endsWith("'") && state.composition.length < longestInput;
      return { state: canSplit ? { ...state, composition: `${state.composition}'` } : state, effects: [] };
    }
    case 'backspace':
      if (!isComposing) return { state, effects: [{ type: 'backspace' }] };
      return { state: { ...state, ...closed, composition: state.composition.slice(0, -1) }, effects: [] };
    case 'clear':
      if (!isComposing) return { state, effects: [{ type: 'clear' }] };
      return { state: { ...state, ...closed, composition: '' }, effects: [] };
    case 'enter':
      // The words are shown in the field first; a second touch goes on.
      return finishComposition(state, lookUp, isComposing ? [] : [{ type: 'enter' }]);
    case 'shift':
      return { state: { ...state, shift: shiftAfter[state.shift] }, effects: [] };
    case 'symbols':
      return { state: { ...state, ...closed, page: state.page === 'letters' ? 'symbols' : 'letters' }, effects: [] };
    case 'script': {
      if (state.script === 'latin') {
        return { state: { ...state, script: 'pinyin', shift: 'off' }, effects: [{ type: 'loadPinyin' }] };
      }
      const letters = state.composition.replaceAll("'", '');
      return {
        state: { ...state, ...closed, script: 'latin', composition: '' },
        effects: letters === '' ? [] : [{ type: 'text', text: letters }],
      };
    }
    default:
      return key satisfies never;
  }
};

/** One step. `lookUp` answers for the engine as it is now. */
export const nextKeyboard = (state: KeyboardState, event: KeyboardEvent, lookUp: LookUp): KeyboardStep => {
  switch (event.type) {
    case 'key':
      return pressKey(state, event.key, lookUp);
    case 'choose': {
      const composition = state.composition.slice(event.candidate.consumed);
      return {
        state: { ...state, ...closed, composition },
        effects: [{ type: 'text', text: event.candidate.text }],
      };
    }
    case 'expand':
      return { state: { ...state, isExpanded: true, candidatePage: 0 }, effects: [] };
    case 'collapse':
      return { state: { ...state, ...closed }, effects: [] };
    case 'turn':
      return { state: { ...state, candidatePage: Math.max(0, state.candidatePage + event.pages) }, effects: [] };
    case 'pinyinFailed': {
      const letters = state.composition.replaceAll("'", '');
      return {
        state: { ...state, ...closed, script: 'latin', composition: '' },
        effects: letters === '' ? [] : [{ type: 'text', text: letters }],
      };
    }
    default:
      return event satisfies never;
  }
};
