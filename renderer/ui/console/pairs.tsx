// Names and values, two columns, dense.

import type { ReactNode } from 'react';
import styles from './pairs.module.css';

export type Pair = { label: string; value: ReactNode };

export const Pairs = ({ pairs }: { pairs: readonly Pair[] }) => (
  <dl className={styles['pairs']}>
    {pairs.map(({ label, value }) => (
      <div key={label}>
        <dt>{label}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
