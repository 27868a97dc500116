// What pressing does, without a screen: every promise of the keyboard to the field behind it.

import { describe, expect, it } from 'vitest';
import {
  initialKeyboard,
  nextKeyboard,
  type KeyboardEffect,
  type KeyboardEvent,
  type KeyboardState,
  type LookUp,
} from './keyboard-machine.ts';
import type { Key, KeyboardLayout } from './keys.ts';
import { longestInput, type Candidate } from './pinyin.ts';

const words: Record<string, Candidate[]> = {
  jiangbianxiaoguan: [{ text: '江边', consumed: 9 }],
  xiaoguan: [{ text: '小馆', consumed: 8 }],
  xiao: [{ text: '小', consumed: 4 }],
  "xi'an": [{ text: '西安', consumed: 5 }],
  xiaov: [{ text: '小', consumed: 4 }],
};
const ready: LookUp = (letters) => words[letters] ?? [];
const loading: LookUp = () => undefined;

const letterKeys = (letters: string): Key[] => Array.from(letters).map((letter) => ({ type: 'letter', letter }));

/** Presses in turn and gathers what reached the field. */
const run = (
  layout: KeyboardLayout,
  events: readonly (Key | KeyboardEvent)[],
  lookUp: LookUp = ready,
): { state: KeyboardState; effects: KeyboardEffect[]; field: string } => {
  let state = initialKeyboard(layout);
  const effects: KeyboardEffect[] = [];
  for (const event of events) {
    const isEvent = ['key', 'choose', 'expand', 'collapse', 'turn', 'pinyinFailed'].includes(event.type);
    const step = nextKeyboard(state, isEvent ? (event as KeyboardEvent) : { type: 'key', key: event as Key }, lookUp);
    state = step.state;
    effects.push(...step.effects);
  }
  const field = effects.map((effect) => (effect.type === 'text' ? effect.text : '')).join('');
  return { state, effects, field };
};

describe('pinyin', () => {
  it('writes nothing into the field while letters are being composed', () => {
    const { state, effects } = run('pinyin', letterKeys('xiao'));
    expect(effects).toEqual([]);
    expect(state.composition).toBe('xiao');
  });

  it('writes the chosen words and keeps the letters they did not use', () => {
    const chosen: KeyboardEvent = { type: 'choose', candidate: { text: '江边', consumed: 9 } };
    const { state, field } = run('pinyin', [...letterKeys('jiangbianxiaoguan'), chosen]);
    expect(field).toBe('江边');
    expect(state.composition).toBe('xiaoguan');
  });

  it('space takes the best candidates to the end and writes no space', () => {
    const { state, field } = run('pinyin', [...letterKeys('jiangbianxiaoguan'), { type: 'space' }]);
    expect(field).toBe('江边小馆');
    expect(state.composition).toBe('');
  });

  it('space writes a space when nothing is composed', () => {
    expect(run('pinyin', [{ type: 'space' }]).field).toBe(' ');
  });

  it('a digit or a comma finishes the word before it', () => {
    const keys: Key[] = [...letterKeys('xiao'), { type: 'text', text: '8' }, { type: 'text', text: '，' }];
    expect(run('pinyin', keys).field).toBe('小8，');
  });

  it('enter shows the word in the field first; only the next one goes on', () => {
    const once = run('pinyin', [...letterKeys('xiao'), { type: 'enter' }]);
    expect(once.effects).toEqual([{ type: 'text', text: '小' }]);
    const twice = run('pinyin', [...letterKeys('xiao'), { type: 'enter' }, { type: 'enter' }]);
    expect(twice.effects).toEqual([{ type: 'text', text: '小' }, { type: 'enter' }]);
  });

  it('keeps letters that are no sound as letters', () => {
    expect(run('pinyin', [...letterKeys('xiaov'), { type: 'space' }]).field).toBe('小v');
    expect(run('pinyin', [...letterKeys('vv'), { type: 'space' }]).field).toBe('vv');
  });

  it('delete takes a letter of the composition before it touches the field', () => {
    const keys: Key[] = [...letterKeys('xi'), { type: 'backspace' }, { type: 'backspace' }, { type: 'backspace' }];
    expect(run('pinyin', keys).effects).toEqual([{ type: 'backspace' }]);
  });

  it('clear takes the composition first, then the field', () => {
    const keys: Key[] = [...letterKeys('xi'), { type: 'clear' }, { type: 'clear' }];
    const { state, effects } = run('pinyin', keys);
    expect(state.composition).toBe('');
    expect(effects).toEqual([{ type: 'clear' }]);
  });

  it('splits sounds once, and only inside a composition', () => {
    const split: Key = { type: 'split' };
    expect(run('pinyin', [split]).state.composition).toBe('');
    const { state } = run('pinyin', [...letterKeys('xi'), split, split, ...letterKeys('an')]);
    expect(state.composition).toBe("xi'an");
    expect(run('pinyin', [...letterKeys('xi'), split, ...letterKeys('an'), { type: 'space' }]).field).toBe('西安');
  });

  it('bounds the composition by what the engine looks at', () => {
    const keys: Key[] = [...letterKeys('x'.repeat(longestInput + 5)), { type: 'split' }];
    expect(run('pinyin', keys).state.composition).toHaveLength(longestInput);
  });

  it('more letters, a choice or a deletion bring the keys back', () => {
    const open: (Key | KeyboardEvent)[] = [...letterKeys('xiao'), { type: 'expand' }, { type: 'turn', pages: 1 }];
    expect(run('pinyin', open).state).toMatchObject({ isExpanded: true, candidatePage: 1 });
    expect(run('pinyin', [...open, { type: 'turn', pages: -5 }]).state.candidatePage).toBe(0);
    const ends: (Key | KeyboardEvent)[] = [
      { type: 'backspace' },
      { type: 'clear' },
      { type: 'collapse' },
      { type: 'choose', candidate: { text: '小', consumed: 4 } },
    ];
    for (const end of ends) {
      expect(run('pinyin', [...open, end]).state).toMatchObject({ isExpanded: false, candidatePage: 0 });
    }
  });
});

describe('while the lexicon is on its way', () => {
  it.each<Key>([{ type: 'space' }, { type: 'enter' }, { type: 'text', text: '1' }])(
    'loses no letter and writes nothing half done at %o',
    (key) => {
      const { state, effects } = run('pinyin', [...letterKeys('xiao'), key], loading);
      expect(effects).toEqual([]);
      expect(state.composition).toBe('xiao');
    },
  );

  it('when it cannot be had, turns to letters and keeps those already typed', () => {
    const { state, field } = run(
      'pinyin',
      [...letterKeys('xi'), { type: 'split' }, ...letterKeys('an'), { type: 'pinyinFailed' }],
      loading,
    );
    expect(field).toBe('xian');
    expect(state).toMatchObject({ script: 'latin', composition: '' });
  });

  it('switching back to Chinese asks for it again', () => {
    const { state, effects } = run('pinyin', [{ type: 'pinyinFailed' }, { type: 'script' }], loading);
    expect(state.script).toBe('pinyin');
    expect(effects).toEqual([{ type: 'loadPinyin' }]);
  });
});

describe('letters', () => {
  it('shift lasts for one letter, a second touch locks it, a third lets go', () => {
    const shift: Key = { type: 'shift' };
    expect(run('latin', [shift, ...letterKeys('ab')]).field).toBe('Ab');
    expect(run('latin', [shift, shift, ...letterKeys('ab')]).field).toBe('AB');
    expect(run('latin', [shift, shift, shift, ...letterKeys('ab')]).field).toBe('ab');
  });

  it('switching to letters keeps what was composed as letters', () => {
    const { state, field } = run('pinyin', [...letterKeys('ok'), { type: 'script' }, ...letterKeys('go')]);
    expect(field).toBe('okgo');
    expect(state.script).toBe('latin');
  });

  it('the page of symbols is opened and closed by one key and leaves the composition alone', () => {
    const { state } = run('pinyin', [...letterKeys('xi'), { type: 'symbols' }]);
    expect(state).toMatchObject({ page: 'symbols', composition: 'xi' });
    expect(run('pinyin', [{ type: 'symbols' }, { type: 'symbols' }]).state.page).toBe('letters');
  });
});

describe('number pads', () => {
  it.each<KeyboardLayout>(['digits', 'idNumber', 'phone', 'date'])('%s writes at once and enters at once', (layout) => {
    const { effects } = run(layout, [{ type: 'text', text: '7' }, { type: 'backspace' }, { type: 'enter' }]);
    expect(effects).toEqual([{ type: 'text', text: '7' }, { type: 'backspace' }, { type: 'enter' }]);
  });
});
