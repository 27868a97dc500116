// Joins a controlled field to the keyboard: spread `keys` on <Keyboard>, show `caret` in the field.

import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { applyKey, type EditKey } from './edit-text.ts';

export type KeyboardField = {
  /** UTF-16 units from the start, as `selectionStart` counts. */
  caret: number;
  /** For a touch into the text. */
  setCaret(caret: number): void;
  keys: { onText(text: string): void; onBackspace(): void; onClear(): void };
};

/**
 * `value` and `onChange` as of any controlled field. Keys pressed faster than React draws build on one another, not on
 * the text drawn last. A `value` that did not come from these keys (an answer filled from a card) puts the caret at its
 * end, unless it is as long as the typed one (capitals made of small letters).
 */
export const useKeyboardField = (
  value: string,
  onChange: (value: string) => void,
  options: { mostCharacters?: number } = {},
): KeyboardField => {
  const { mostCharacters } = options;
  const [caret, setShownCaret] = useState(value.length);
  const latest = useRef({ value, caret: value.length });
  /** Texts handed to `onChange` that have not come back as `value` yet. */
  const sent = useRef<string[]>([]);

  useLayoutEffect(() => {
    const place = sent.current.lastIndexOf(value);
    if (place >= 0) {
      sent.current = sent.current.slice(place + 1);
      return;
    }
    sent.current = [];
    const isSameLength = value.length === latest.current.value.length;
    latest.current = { value, caret: isSameLength ? latest.current.caret : value.length };
    setShownCaret(latest.current.caret);
  }, [value]);

  const setCaret = useCallback((to: number): void => {
    latest.current = { ...latest.current, caret: to };
    setShownCaret(to);
  }, []);

  const keys = useMemo(() => {
    const apply = (key: EditKey): void => {
      const edited = applyKey(latest.current.value, latest.current.caret, key, mostCharacters);
      if (edited.value !== latest.current.value) sent.current.push(edited.value);
      latest.current = edited;
      setShownCaret(edited.caret);
      onChange(edited.value);
    };
    return {
      onText: (text: string): void => apply({ type: 'text', text }),
      onBackspace: (): void => apply({ type: 'backspace' }),
      onClear: (): void => apply({ type: 'clear' }),
    };
  }, [onChange, mostCharacters]);

  return { caret, setCaret, keys };
};
