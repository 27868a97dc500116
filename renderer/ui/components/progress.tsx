// Waiting: a turning ring where nobody knows how long, a bar where the device says how far it is.

import { ProgressBar } from 'react-aria-components';
import { useT } from '../i18n/i18n.ts';
import styles from './progress.module.css';

export type SpinnerProps = { label?: string };

export const Spinner = ({ label }: SpinnerProps) => (
  <span className={styles['spinner']} {...(label === undefined ? { 'aria-hidden': true } : { role: 'status' })}>
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="9" />
      <path d="M12 3a9 9 0 0 1 9 9" />
    </svg>
    {label}
  </span>
);

export type ProgressProps = { /** 0 … 100. */ percent: number; label?: string };

export const Progress = ({ percent, label }: ProgressProps) => {
  const t = useT();
  const shown = Math.round(Math.min(100, Math.max(0, percent)));
  return (
    <ProgressBar className={styles['progress'] ?? ''} value={shown} aria-label={label ?? t('progress.label')}>
      <span className={styles['track']}>
        <span className={styles['done']} style={{ width: `${shown}%` }} />
      </span>
      <span className={styles['percent']}>{shown}%</span>
    </ProgressBar>
  );
};
