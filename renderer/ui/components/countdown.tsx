// Seconds left, as a number in a ring that empties.

import styles from './countdown.module.css';

export type CountdownProps = { seconds: number; /** Of the whole wait, 1 … 0. */ part: number };

const around = 2 * Math.PI * 42;

export const Countdown = ({ seconds, part }: CountdownProps) => (
  <span className={styles['countdown']} aria-hidden="true">
    <svg viewBox="0 0 96 96">
      <circle cx="48" cy="48" r="42" />
      <circle
        className={styles['left']}
        cx="48"
        cy="48"
        r="42"
        strokeDasharray={around}
        strokeDashoffset={around * (1 - Math.min(1, Math.max(0, part)))}
      />
    </svg>
    <span>{seconds}</span>
  </span>
);
