// Insertion and deletion at the caret, in a text of any characters.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyKey, type EditKey } from './edit-text.ts';

const backspace: EditKey = { type: 'backspace' };

describe('a key at the caret', () => {
  it('inserts where the caret is and moves it behind the text', () => {
    expect(applyKey('江小馆', 1, { type: 'text', text: '边' })).toEqual({ value: '江边小馆', caret: 2 });
  });

  it('deletes the character before the caret, not the last one', () => {
    expect(applyKey('江边小馆', 2, backspace)).toEqual({ value: '江小馆', caret: 1 });
  });

  it('does nothing before the first character', () => {
    expect(applyKey('江边', 0, backspace)).toEqual({ value: '江边', caret: 0 });
  });

  it('deletes a rare character whole, though it takes two units', () => {
    expect(applyKey('王𬭚', 3, backspace)).toEqual({ value: '王', caret: 1 });
  });

  it('never leaves half a character behind when the caret stands inside one', () => {
    expect(applyKey('𬭚', 1, { type: 'text', text: '王' })).toEqual({ value: '王𬭚', caret: 1 });
  });

  it('empties the field', () => {
    expect(applyKey('江边小馆', 2, { type: 'clear' })).toEqual({ value: '', caret: 0 });
  });

  it('cuts what does not fit and leaves the rest of the field alone', () => {
    expect(applyKey('1234', 2, { type: 'text', text: 'abc' }, 6)).toEqual({ value: '12ab34', caret: 4 });
    expect(applyKey('1234', 2, { type: 'text', text: 'abc' }, 3)).toEqual({ value: '1234', caret: 2 });
  });

  it.each([-3, 99, Number.NaN, 1.5])('takes the nearest place for a caret of %d', (caret) => {
    const { value } = applyKey('江边', caret, { type: 'text', text: '一' });
    expect(Array.from(value).sort().join('')).toBe(Array.from('一江边').sort().join(''));
  });
});

it('typing and deleting the same number of characters gives the text back', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.nat(20),
      fc.string({ unit: 'binary', maxLength: 6 }),
      (value, at, text) => {
        const typed = applyKey(value, at, { type: 'text', text });
        // An unpaired half can join its neighbour into one character; real keys never send one.
        fc.pre(value.isWellFormed() && text.isWellFormed());
        let edited = typed;
        for (const _ of text) edited = applyKey(edited.value, edited.caret, backspace);
        expect(edited.value).toBe(value);
        expect(edited.caret).toBe(typed.caret - text.length);
      },
    ),
  );
});
