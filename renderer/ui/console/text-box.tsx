// A text field of a console: takes a keyboard on the desk as well as the one on the glass.

import { useLayoutEffect, useRef } from 'react';
import styles from './text-box.module.css';

export type TextBoxProps = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** Where the on-screen keyboard writes; moves with a touch into the text. */
  caret: number;
  onCaret: (caret: number) => void;
  onEnter?: (() => void) | undefined;
  onFocus?: (() => void) | undefined;
  /** The on-screen keyboard writes here now: the focus comes back with each key. */
  isTyping: boolean;
  isSecret?: boolean;
  mostCharacters: number;
  hint?: string;
};

export const TextBox = (props: TextBoxProps) => {
  const { value, caret, isTyping } = props;
  const box = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || !isTyping) return;
    if (document.activeElement !== element) element.focus({ preventScroll: true });
    if (element.selectionStart === element.selectionEnd && element.selectionStart !== caret)
      element.setSelectionRange(caret, caret);
  }, [isTyping, caret]);
  return (
    <label className={styles['field']}>
      <span className={styles['label']}>{props.label}</span>
      <input
        ref={box}
        className={styles['box']}
        data-typing={isTyping || undefined}
        type={props.isSecret === true ? 'password' : 'text'}
        inputMode="none"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={props.mostCharacters}
        placeholder={props.hint}
        value={value}
        onChange={(event) => {
          props.onChange(event.target.value);
          props.onCaret(event.target.selectionStart ?? event.target.value.length);
        }}
        onSelect={({ currentTarget }) => {
          const { selectionStart, selectionEnd } = currentTarget;
          if (isTyping && selectionStart !== null && selectionStart === selectionEnd) props.onCaret(selectionStart);
        }}
        onFocus={props.onFocus}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || props.onEnter === undefined) return;
          event.preventDefault();
          props.onEnter();
        }}
      />
    </label>
  );
};
