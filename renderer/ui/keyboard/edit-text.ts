// What a key does to a field's text: insertion at the caret, deletion before it. Pure, for any field that the keyboard
// writes into; use-keyboard-field.ts wraps it for React.

export type EditKey = { type: 'text'; text: string } | { type: 'backspace' } | { type: 'clear' };

/** `caret` counts UTF-16 units from the start, as `selectionStart` does. */
export type EditedText = { value: string; caret: number };

const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;
const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;

/** A caret inside the text and never inside a character. */
const settle = (value: string, caret: number): number => {
  const inside = Math.min(Math.max(0, Math.trunc(Number.isNaN(caret) ? 0 : caret)), value.length);
  const cutsCharacter =
    inside > 0 && isHighSurrogate(value.charCodeAt(inside - 1)) && isLowSurrogate(value.charCodeAt(inside));
  return cutsCharacter ? inside - 1 : inside;
};

/**
 * @param value the field's text
 * @param caret where the next character goes; anything outside the text means its nearest end
 * @param mostCharacters code points the field takes; a text that would pass it is cut, never the text behind the caret
 */
export const applyKey = (value: string, caret: number, key: EditKey, mostCharacters = Infinity): EditedText => {
  const at = settle(value, caret);
  switch (key.type) {
    case 'text': {
      const room = Math.max(0, mostCharacters - Array.from(value).length);
      const text = room === Infinity ? key.text : Array.from(key.text).slice(0, room).join('');
      return { value: value.slice(0, at) + text + value.slice(at), caret: at + text.length };
    }
    case 'backspace': {
      const before = Array.from(value.slice(0, at));
      before.pop();
      const kept = before.join('');
      return { value: kept + value.slice(at), caret: kept.length };
    }
    case 'clear':
      return { value: '', caret: 0 };
    default:
      return key satisfies never;
  }
};
