// A signed code is shown to the reader. Before it: the queue, or home. After it: the ticket, or the door of the cell. A code that is
// not taken says why, and the reader waits on: the right one is simply shown.

import { Grid3x3 } from 'lucide-react';
import { useState } from 'react';
import { useHost } from '../../connection.ts';
import { Button } from '../../ui/components/button.tsx';
import { CoachStage } from '../../ui/components/coach-stage.tsx';
import { FaultNotice } from '../../ui/components/fault-notice.tsx';
import { Page } from '../../ui/components/page.tsx';
import { useT } from '../../ui/i18n/i18n.ts';
import type { ScreenProps } from '../screen-props.ts';
import styles from './show-token.module.css';
import { TypeCode } from './type-code.tsx';

export const ShowTokenScreen = ({ view, screen }: ScreenProps<'showToken'>) => {
  const t = useT();
  const host = useHost();
  const { purpose, deposits, coach, failure } = screen;
  const [isTyping, setTyping] = useState(false);
  const canRetry = coach.phase === 'failed';
  const other = t(`showToken.${purpose}Other`);
  if (isTyping && purpose === 'pickUp')
    return <TypeCode view={view} screen={screen} onClose={() => setTyping(false)} />;
  return (
    <Page
      view={view}
      title={t(deposits ? 'showToken.locker' : `showToken.${purpose}`)}
      lead={t(`showToken.${purpose}Lead`)}
      more={
        purpose === 'pickUp' && (
          <Button size="primary" icon={<Grid3x3 aria-hidden="true" />} onPress={() => setTyping(true)}>
            {t('showToken.type')}
          </Button>
        )
      }
      primary={canRetry ? { label: t('action.retry'), onPress: () => void host.send({ type: 'retry' }) } : undefined}
    >
      <CoachStage
        act="showQr"
        coach={coach}
        otherWay={
          <section className={styles['other']} aria-label={other}>
            <h2>{other}</h2>
            <div className={styles['ways']}>
              {purpose === 'appointment' && (
                <Button onPress={() => void host.send({ type: 'back' })}>{t('showToken.toQueue')}</Button>
              )}
              <Button onPress={() => void host.send({ type: 'callHelp' })}>{t('showToken.staff')}</Button>
            </div>
          </section>
        }
      >
        {failure !== undefined && <FaultNotice fault={failure} />}
      </CoachStage>
    </Page>
  );
};
