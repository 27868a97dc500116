// Rows of a list: the whole row is the button. At most seven on a page, four in elder mode.

import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Picture } from '../pictures/picture.tsx';
import { play } from '../sound.ts';
import styles from './rows.module.css';

export type RowsProps = { label: string; children: ReactNode };

export const Rows = ({ label, children }: RowsProps) => (
  <ul className={styles['rows']} aria-label={label}>
    {children}
  </ul>
);

export type RowProps = {
  title: string;
  detail?: ReactNode;
  picture?: string | undefined;
  start?: ReactNode;
  end?: ReactNode;
  /** Why it cannot be chosen now; disables the row. */
  why?: string | undefined;
  /** Absent: the row only tells. */
  onPress?: (() => void) | undefined;
  /** Present: the row is one of a choice. */
  isSelected?: boolean | undefined;
};

export const Row = ({ title, detail, picture, start, end, why, onPress, isSelected }: RowProps) => {
  const content = (
    <>
      {picture !== undefined && <Picture name={picture} sizeMm={17} />}
      {start}
      <span className={styles['words']}>
        <span className={styles['title']}>{title}</span>
        {(why ?? detail) !== undefined && <span className={styles['detail']}>{why ?? detail}</span>}
      </span>
      {end}
    </>
  );
  if (onPress === undefined) return <li className={styles['row']}>{content}</li>;
  return (
    <li>
      <Button
        className={styles['row'] ?? ''}
        aria-label={title}
        isDisabled={why !== undefined}
        onPressStart={() => play('touch')}
        onPress={onPress}
        data-selected={isSelected || undefined}
        {...(isSelected === undefined ? {} : { 'aria-pressed': isSelected })}
      >
        {content}
        {isSelected === undefined && why === undefined && <ChevronRight className={styles['go']} aria-hidden="true" />}
      </Button>
    </li>
  );
};
