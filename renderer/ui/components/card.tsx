// A quiet surface that holds things that belong together.

import type { ReactNode } from 'react';
import styles from './card.module.css';

export type CardProps = {
  title?: string | undefined;
  icon?: ReactNode;
  tone?: 'plain' | 'sunken' | 'accent' | undefined;
  /** Takes the height that is left. */
  isFilling?: boolean | undefined;
  children: ReactNode;
};

export const Card = ({ title, icon, tone = 'plain', isFilling = false, children }: CardProps) => (
  <section className={styles['card']} data-tone={tone} data-filling={isFilling || undefined} aria-label={title}>
    {title !== undefined && (
      <h2 className={styles['title']}>
        {icon}
        {title}
      </h2>
    )}
    {children}
  </section>
);
