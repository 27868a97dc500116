// Where one is and how many steps are left.

import type { View } from '../../../main/contract/view.ts';
import { useT, useText } from '../i18n/i18n.ts';
import styles from './step-line.module.css';

export type StepLineProps = { progress: NonNullable<View['progress']> };

export const StepLine = ({ progress }: StepLineProps) => {
  const t = useT();
  const text = useText();
  const left = progress.total - progress.index - 1;
  const title = progress.titles[progress.index];
  return (
    <section className={styles['steps']} aria-label={t('steps.label')}>
      <p className={styles['words']}>
        <span>
          <strong>{t('steps.now', { index: progress.index + 1 })}</strong>
          {title !== undefined && ` · ${text(title)}`}
        </span>
        <span className={styles['left']}>{left > 0 ? t('steps.left', { count: left }) : t('steps.last')}</span>
      </p>
      <ol className={styles['line']} aria-hidden="true">
        {Array.from({ length: progress.total }, (_, index) => (
          <li key={index} data-state={index < progress.index ? 'done' : index === progress.index ? 'now' : 'left'} />
        ))}
      </ol>
    </section>
  );
};
