// The top of every console: what needs a person now. The first few stand open; the rest unfolds. Each leads to where it is put right.

import { ChevronDown, ChevronRight, ChevronUp, CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../components/button.tsx';
import { useLanguage, useT, useText, type Translate } from '../i18n/i18n.ts';
import { useConsole } from './console-context.ts';
import type { Need } from './needs.ts';
import styles from './needs-strip.module.css';
import { formatBytes, formatInstant, formatSpan } from './times.ts';

const shownFolded = 3;

const wordsOf = (need: Need, t: Translate, text: ReturnType<typeof useText>): { what: string; todo: string } => {
  switch (need.type) {
    case 'fault':
      return { what: `${text(need.device.name)} · ${text(need.fault.what)}`, todo: text(need.fault.todo) };
    case 'lowDisk':
      return {
        what: t('console.need.lowDisk', { free: formatBytes(need.freeBytes) }),
        todo: t('console.need.lowDiskTodo'),
      };
    case 'deadLetters':
      return { what: t('console.need.deadLetters', { count: need.count }), todo: t('console.need.deadLettersTodo') };
    case 'longOffline':
      return { what: t('console.need.longOffline', { count: need.depth }), todo: t('console.need.longOfflineTodo') };
    case 'quarantined':
      return { what: t('console.need.quarantined', { count: need.count }), todo: t('console.need.quarantinedTodo') };
    case 'certificate':
      return {
        what:
          need.daysLeft < 0
            ? t('console.need.certificateOver')
            : t('console.need.certificate', { days: need.daysLeft }),
        todo: t('console.need.certificateTodo'),
      };
    case 'manifestExpired':
      return {
        what: t('console.need.manifestExpired', { version: need.version }),
        todo: t('console.need.manifestExpiredTodo'),
      };
    case 'overdueCells':
      return {
        what: t('console.need.overdueCells', { cells: need.labels.join(', ') }),
        todo: t('console.need.overdueCellsTodo'),
      };
    case 'openDoors':
      return {
        what: t('console.need.openDoors', { cells: need.labels.join(', ') }),
        todo: t('console.need.openDoorsTodo'),
      };
    case 'auditBroken':
      return { what: t('console.need.auditBroken'), todo: t('console.need.auditBrokenTodo') };
    default:
      return need satisfies never;
  }
};

export const NeedsStrip = ({ needs }: { needs: readonly Need[] }) => {
  const t = useT();
  const text = useText();
  const language = useLanguage();
  const { goTo, nowMs } = useConsole();
  const [isUnfolded, setUnfolded] = useState(false);
  if (needs.length === 0)
    return (
      <p className={styles['nothing']} role="status">
        <CircleCheck aria-hidden="true" />
        {t('console.need.nothing')}
      </p>
    );
  const shown = isUnfolded ? needs : needs.slice(0, shownFolded);
  return (
    <section className={styles['strip']} aria-label={t('console.need.title')}>
      <div className={styles['head']}>
        <h2>{t('console.need.title')}</h2>
        <span className={styles['count']}>{t('console.need.count', { count: needs.length })}</span>
        {needs.length > shownFolded && (
          <Button
            kind="quiet"
            iconEnd={isUnfolded ? <ChevronUp aria-hidden="true" /> : <ChevronDown aria-hidden="true" />}
            onPress={() => setUnfolded(!isUnfolded)}
          >
            {isUnfolded ? t('console.need.fewer') : t('console.need.all')}
          </Button>
        )}
      </div>
      <ul className={styles['list']}>
        {shown.map((need) => {
          const { what, todo } = wordsOf(need, t, text);
          return (
            <li key={need.key}>
              <button
                type="button"
                className={styles['need']}
                data-urgency={need.urgency}
                onClick={() => goTo(need.section, need.type === 'fault' ? need.device.id : undefined)}
              >
                {need.urgency === 'now' ? <CircleAlert aria-hidden="true" /> : <TriangleAlert aria-hidden="true" />}
                <span className={styles['words']}>
                  <span className={styles['what']}>
                    <span className="visually-hidden">{t(`console.urgency.${need.urgency}`)} </span>
                    {what}
                  </span>
                  <span className={styles['todo']}>{todo}</span>
                </span>
                <span className={styles['side']}>
                  <span className={styles['who']}>{t(`console.who.${need.who}`)}</span>
                  {need.sinceMs !== undefined && (
                    <span className={styles['since']}>
                      {formatInstant(need.sinceMs)} · {formatSpan(nowMs - need.sinceMs, language)}
                    </span>
                  )}
                </span>
                <ChevronRight aria-hidden="true" />
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
};
