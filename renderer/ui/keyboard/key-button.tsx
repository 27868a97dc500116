// One key. It acts when the finger lands (as a keyboard does), shows that at once without waiting for React, and never
// takes the focus from the field. A click without a pointer (screen reader, script, switch device) works as well.

import type { CSSProperties, PointerEvent, ReactNode } from 'react';
import styles from './keyboard.module.css';

export type KeyTone = 'plain' | 'control' | 'enter';

export type KeyButtonProps = {
  /** Accessible name; what is seen when there are no children. */
  name: string;
  tone?: KeyTone;
  half?: number;
  tall?: number;
  /** For a key that stays down (shift). */
  isOn?: boolean;
  isDisabled?: boolean;
  onPress(): void;
  children?: ReactNode;
};

/** The finger's mark stays until it lifts, and at least this long in the style sheet's fade. */
const mark = (event: PointerEvent<HTMLButtonElement>): void => void (event.currentTarget.dataset['down'] = '');
const unmark = (event: PointerEvent<HTMLButtonElement>): void => void delete event.currentTarget.dataset['down'];

/** Names that do not fit the enter key in the size of the other keys: more than four Han characters or nine letters. */
const isLong = (name: string): boolean => {
  const han = Array.from(name).filter((character) => character > '\u2e7f').length;
  return han * 2 + (Array.from(name).length - han) > 9;
};

export const KeyButton = (props: KeyButtonProps): ReactNode => (
  <button
    type="button"
    className={styles['key']}
    data-tone={props.tone ?? 'plain'}
    data-long={isLong(props.name) ? '' : undefined}
    data-on={props.isOn === true ? '' : undefined}
    style={{ '--half': props.half ?? 2, '--tall': props.tall ?? 1 } as CSSProperties}
    aria-label={props.name}
    aria-pressed={props.isOn}
    disabled={props.isDisabled}
    onPointerDown={(event) => {
      event.preventDefault();
      if (event.button !== 0) return;
      mark(event);
      props.onPress();
    }}
    onPointerUp={unmark}
    onPointerCancel={unmark}
    onPointerLeave={unmark}
    onMouseDown={(event) => event.preventDefault()}
    onContextMenu={(event) => event.preventDefault()}
    onClick={(event) => {
      // A pointer's click has a count and was answered when the finger landed.
      if (event.detail === 0) props.onPress();
    }}
  >
    {props.children ?? props.name}
  </button>
);
