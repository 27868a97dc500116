// A few facts side by side: small name, strong value.

import styles from './facts.module.css';

export type FactsProps = { items: readonly { label: string; value: string; isStrong?: boolean }[]; columns?: number };

export const Facts = ({ items, columns = items.length }: FactsProps) => (
  <dl className={styles['facts']} style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, auto))` }}>
    {items.map((item) => (
      <div key={item.label}>
        <dt>{item.label}</dt>
        <dd data-strong={item.isStrong || undefined}>{item.value}</dd>
      </div>
    ))}
  </dl>
);
