// A titled part of a section, with what can be done about it on the right.

import { useId, type ReactNode } from 'react';
import styles from './panel.module.css';

export type PanelProps = { title: string; actions?: ReactNode; isFilling?: boolean; children: ReactNode };

export const Panel = ({ title, actions, isFilling = false, children }: PanelProps) => {
  const id = useId();
  return (
    <section className={styles['panel']} data-filling={isFilling || undefined} aria-labelledby={id}>
      <div className={styles['head']}>
        <h3 className={styles['title']} id={id}>
          {title}
        </h3>
        {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
      </div>
      {children}
    </section>
  );
};
