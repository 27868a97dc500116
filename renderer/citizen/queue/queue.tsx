// Taking a number: which window, and whether one needs to go first. Two taps and the number is there.

import { Check, QrCode, Ticket } from 'lucide-react';
import type { ScreenOf } from '../../../main/contract/view.ts';
import { useHost } from '../../connection.ts';
import { Button } from '../../ui/components/button.tsx';
import { Choice } from '../../ui/components/choice.tsx';
import { Notice } from '../../ui/components/notice.tsx';
import { Page } from '../../ui/components/page.tsx';
import { Paged } from '../../ui/components/paged.tsx';
import { Row } from '../../ui/components/rows.tsx';
import { formatTime } from '../../ui/format.ts';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import type { ScreenProps } from '../screen-props.ts';
import styles from './queue.module.css';

const priorities = ['none', 'elder', 'disabled', 'pregnant', 'soldier'] as const;

export const QueueScreen = ({ view, screen }: ScreenProps<'queue'>) => {
  const t = useT();
  const host = useHost();
  return (
    <Page
      view={view}
      title={t('queue.title')}
      lead={screen.asOfMs === undefined ? undefined : t('queue.asOf', { time: formatTime(screen.asOfMs) })}
      more={
        screen.takesAppointments && (
          <Button
            size="primary"
            icon={<QrCode aria-hidden="true" />}
            onPress={() => void host.send({ type: 'openToken', purpose: 'appointment' })}
          >
            {t('queue.appointment')}
          </Button>
        )
      }
      primary={{
        label: t('queue.take'),
        icon: <Ticket aria-hidden="true" />,
        isDisabled: screen.chosen === undefined,
        onPress: () => void host.send({ type: 'takeNumber' }),
      }}
    >
      <div className={styles['body']}>
        {screen.businesses.length === 0 ? (
          <Notice tone="attention" title={t('queue.empty')} />
        ) : (
          <Paged
            label={t('queue.title')}
            items={screen.businesses.map((business) => ({
              key: business.code,
              node: <BusinessRow key={business.code} business={business} isChosen={screen.chosen === business.code} />,
            }))}
            most={{ standard: 6, elder: 4 }}
          />
        )}
        <div className={styles['priority']}>
          <Choice
            label={t('queue.priority')}
            options={priorities.map((priority) => ({ value: priority, label: t(`queue.priority.${priority}`) }))}
            value={screen.priority}
            onChange={(priority) => void host.send({ type: 'setPriority', priority })}
            columns={view.panel.orientation === 'landscape' || view.mode === 'elder' ? 2 : 3}
          />
          {screen.priority !== 'none' && <p>{t('queue.priorityNote')}</p>}
        </div>
      </div>
    </Page>
  );
};

type Business = ScreenOf<'queue'>['businesses'][number];

const BusinessRow = ({ business, isChosen }: { business: Business; isChosen: boolean }) => {
  const t = useT();
  const text = useText();
  const host = useHost();
  const why = business.open ? undefined : business.why === undefined ? t('queue.closed') : text(business.why);
  return (
    <Row
      title={text(business.name)}
      start={<span className={styles['prefix']}>{business.prefix}</span>}
      detail={
        business.waitMinutes === undefined || business.ahead === 0
          ? undefined
          : t('queue.wait', { count: business.waitMinutes })
      }
      why={why}
      end={
        <>
          {why === undefined && (
            <span className={styles['ahead']}>
              {business.ahead === 0 ? t('queue.nobody') : t('queue.ahead', { count: business.ahead })}
            </span>
          )}
          <Check className={styles['tick']} data-chosen={isChosen || undefined} aria-hidden="true" />
        </>
      }
      isSelected={isChosen}
      onPress={() => void host.send({ type: 'chooseBusiness', code: business.code })}
    />
  );
};
