// The one button. Its least size comes from the tokens; it darkens under the finger at once and sounds softly.

import type { ReactNode } from 'react';
import { Button as AriaButton, ToggleButton } from 'react-aria-components';
import { play } from '../sound.ts';
import styles from './button.module.css';
import { Spinner } from './progress.tsx';

export type ButtonProps = {
  /** `primary` is the one thing to do next: at most one on a screen. */
  kind?: 'primary' | 'secondary' | 'quiet' | 'danger' | undefined;
  size?: 'touch' | 'primary' | undefined;
  icon?: ReactNode;
  iconEnd?: ReactNode;
  onPress: () => void;
  isDisabled?: boolean | undefined;
  isBusy?: boolean | undefined;
  isWide?: boolean | undefined;
  /** Makes it a toggle. */
  isSelected?: boolean | undefined;
  /** Accessible name where the children are not words. */
  label?: string | undefined;
  children?: ReactNode;
};

export const Button = ({
  kind = 'secondary',
  size = 'touch',
  icon,
  iconEnd,
  onPress,
  isDisabled = false,
  isBusy = false,
  isWide = false,
  isSelected,
  label,
  children,
}: ButtonProps) => {
  const shared = {
    className: styles['button'] ?? '',
    'data-kind': kind,
    'data-size': size,
    'data-wide': isWide || undefined,
    isDisabled: isDisabled || isBusy,
    onPressStart: () => play('touch'),
    ...(label === undefined ? {} : { 'aria-label': label }),
  };
  const content = (
    <>
      {isBusy ? <Spinner /> : icon}
      {children !== undefined && <span className={styles['words']}>{children}</span>}
      {iconEnd}
    </>
  );
  return isSelected === undefined ? (
    <AriaButton {...shared} onPress={onPress}>
      {content}
    </AriaButton>
  ) : (
    <ToggleButton {...shared} isSelected={isSelected} onChange={onPress}>
      {content}
    </ToggleButton>
  );
};
