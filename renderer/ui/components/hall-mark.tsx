// The product's own mark: a lit door in a gate, open day and night. Not a state emblem.

import styles from './hall-mark.module.css';

export const HallMark = () => (
  <svg className={styles['mark']} viewBox="0 0 48 48" aria-hidden="true">
    <rect className={styles['ground']} width="48" height="48" rx="10" />
    <path className={styles['gate']} d="M9 38V21a15 15 0 0 1 30 0v17" />
    <path className={styles['door']} d="M18 38V23a6 6 0 0 1 12 0v15z" />
  </svg>
);
