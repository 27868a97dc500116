// Who applies: the card is placed, read, shown masked for a look, and taken back.

import { useHost } from '../../connection.ts';
import { Button } from '../../ui/components/button.tsx';
import { CoachStage } from '../../ui/components/coach-stage.tsx';
import { FaultNotice } from '../../ui/components/fault-notice.tsx';
import { Page } from '../../ui/components/page.tsx';
import { useT } from '../../ui/i18n/i18n.ts';
import type { ScreenProps } from '../screen-props.ts';
import { toQueue } from '../to-queue.ts';
import styles from './identify.module.css';
import { PersonCard } from './person-card.tsx';

export const IdentifyScreen = ({ view, screen }: ScreenProps<'identify'>) => {
  const t = useT();
  const host = useHost();
  const { coach, failure, person } = screen;
  const retry = (): void => void host.send({ type: 'retry' });

  if (person !== undefined)
    return (
      <Page
        view={view}
        title={t('identify.personTitle')}
        primary={{ label: t('action.next'), onPress: () => void host.send({ type: 'next' }) }}
      >
        <div className={styles['check']}>
          <PersonCard person={person} onAgain={retry} />
          <CoachStage act="placeCard" coach={coach} isCompact={view.panel.orientation === 'landscape'} />
        </div>
      </Page>
    );

  const canRetry = coach.phase === 'failed' || failure !== undefined;
  return (
    <Page
      view={view}
      headline={
        <h1 className={styles['why']}>
          {t('identify.title')} · {t('identify.why')}
        </h1>
      }
      primary={canRetry ? { label: t('action.retry'), onPress: retry } : undefined}
    >
      <CoachStage
        act="placeCard"
        coach={coach}
        otherWay={
          <section className={styles['other']} aria-label={t('identify.other')}>
            <h2>{t('identify.other')}</h2>
            <div className={styles['ways']}>
              <Button onPress={() => void host.send({ type: 'callHelp' })}>{t('identify.otherStaff')}</Button>
              <Button onPress={() => void toQueue(host)}>{t('guide.toQueue')}</Button>
              <Button onPress={() => void host.send({ type: 'goHome' })}>{t('identify.otherHome')}</Button>
            </div>
          </section>
        }
      >
        {failure !== undefined && <FaultNotice fault={failure} />}
      </CoachStage>
    </Page>
  );
};
