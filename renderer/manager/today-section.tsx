// The day in numbers, and the machine itself.

import { useConsole } from '../ui/console/console-context.ts';
import { Pairs } from '../ui/console/pairs.tsx';
import { Panel } from '../ui/console/panel.tsx';
import { formatBytes, formatInstant, formatSpan } from '../ui/console/times.ts';
import { useLanguage, useT, useText } from '../ui/i18n/i18n.ts';
import styles from './today-section.module.css';

const figures = ['sessions', 'cases', 'tickets', 'ratings'] as const;

export const TodaySection = () => {
  const t = useT();
  const text = useText();
  const language = useLanguage();
  const { view, nowMs } = useConsole();
  return (
    <>
      <Panel title={t('console.today.title')}>
        <ul className={styles['figures']}>
          {figures.map((name) => (
            <li key={name}>
              <span className={styles['number']}>{view.today[name]}</span>
              <span>{t(`console.today.${name}`)}</span>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={t('console.today.machine')}>
        <Pairs
          pairs={[
            { label: t('console.today.hall'), value: text(view.hall) },
            { label: t('console.today.version'), value: view.version },
            { label: t('console.today.since'), value: formatInstant(view.startedAtMs) },
            { label: t('console.today.up'), value: formatSpan(nowMs - view.startedAtMs, language) },
            { label: t('console.today.free'), value: formatBytes(view.freeBytes) },
            { label: t('console.today.least'), value: formatBytes(view.leastFreeBytes) },
          ]}
        />
      </Panel>
    </>
  );
};
