// The box of one typed answer: a real text field, so that a keyboard, a paste, a scanner gun and a screen reader work as well as
// the on-screen keyboard. It shows the grouped text and hands up the plain one.

import { useLayoutEffect, useRef, type ChangeEvent, type KeyboardEvent } from 'react';
import { useT } from '../../ui/i18n/i18n.ts';
import styles from './answer-box.module.css';
import { cleanTyped, groupTyped, shownCaret, typedCaret, type FieldKind } from './value-format.ts';

export type AnswerBoxProps = {
  kind: FieldKind;
  /** Plain text, without the gaps between groups. */
  typed: string;
  unit?: string | undefined;
  labelId: string;
  describedBy: string | undefined;
  isInvalid: boolean;
  /** Known from the card: shown, not changed. */
  isFixed: boolean;
  /** The on-screen keyboard writes here now. */
  isTyping: boolean;
  /** In the plain text; used while `isTyping`. */
  caret: number;
  onTyped: (typed: string) => void;
  onCaret: (caret: number) => void;
  onEnter: () => void;
  onFocus: () => void;
  onBlur: () => void;
};

/** From here on a count is shown: nobody can see at a glance how long the text is. */
const countFrom = 60;

export const AnswerBox = (props: AnswerBoxProps) => {
  const { kind, typed, isTyping, caret, isFixed } = props;
  const t = useT();
  const box = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const shown = groupTyped(kind, typed);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || !isTyping) return;
    // Keys leave the focus here; a touch elsewhere (help, language) took it, and the next key brings it back.
    if (document.activeElement !== element) element.focus({ preventScroll: true });
    const at = shownCaret(kind, typed, caret);
    if (element.selectionStart === element.selectionEnd && element.selectionStart !== at)
      element.setSelectionRange(at, at);
  }, [isTyping, kind, typed, caret]);

  const shared = {
    ref: box,
    className: styles['text'],
    value: shown,
    // The panel has no keyboard of the system; without this Chromium would ask for one.
    inputMode: 'none' as const,
    autoComplete: 'off',
    spellCheck: false,
    placeholder: isFixed ? '' : t('form.empty'),
    readOnly: isFixed,
    'aria-labelledby': props.labelId,
    'aria-describedby': props.describedBy,
    'aria-invalid': props.isInvalid,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      const text = cleanTyped(kind, event.target.value);
      props.onTyped(text);
      props.onCaret(typedCaret(kind, text, event.target.selectionStart ?? text.length));
    },
    onSelect: (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => {
      const { selectionStart, selectionEnd } = event.currentTarget;
      if (isTyping && selectionStart !== null && selectionStart === selectionEnd)
        props.onCaret(typedCaret(kind, typed, selectionStart));
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      props.onEnter();
    },
    onFocus: isFixed ? undefined : props.onFocus,
    onBlur: props.onBlur,
  };
  return (
    <div
      className={styles['box']}
      data-fixed={isFixed || undefined}
      data-typing={isTyping || undefined}
      data-invalid={props.isInvalid || undefined}
    >
      {kind === 'address' ? <textarea {...shared} rows={2} /> : <input {...shared} type="text" />}
      {props.unit !== undefined && <span className={styles['unit']}>{props.unit}</span>}
      {!isFixed && typed.length >= countFrom && (
        <span className={styles['unit']}>{t('form.count', { count: typed.length })}</span>
      )}
    </div>
  );
};
