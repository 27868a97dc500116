// Names and values, two columns, dense.

import type { ReactNode } from 'react';
import styles from './pairs.module.css';

export type Pair = { label: string; value: ReactNode; /** Takes two columns. */ isLong?: boolean };

export const Pairs = ({ pairs }: { pairs: readonly Pair[] }) => (
  <dl className={styles['pairs']}>
    {pairs.map(({ label, value, isLong }) => (
      <div key={label} data-long={isLong || undefined}>
        <dt>{label}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
