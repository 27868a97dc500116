// The number, large enough to read from two metres; how many are ahead, how long, where to wait; and the paper beside it, which says
// the same.

import { useHost } from '../../connection.ts';
import { Facts } from '../../ui/components/facts.tsx';
import { Page } from '../../ui/components/page.tsx';
import { PrintStatus } from '../../ui/components/print-status.tsx';
import { ReceiptPaper } from '../../ui/components/receipt-paper.tsx';
import { useNow } from '../../ui/components/use-now.ts';
import { formatMoment } from '../../ui/format.ts';
import { useLanguage, useT, useText } from '../../ui/i18n/i18n.ts';
import type { ScreenProps } from '../screen-props.ts';
import styles from './ticket.module.css';

export const TicketScreen = ({ view, screen }: ScreenProps<'ticket'>) => {
  const t = useT();
  const text = useText();
  const language = useLanguage();
  const host = useHost();
  const now = useNow(60_000);
  return (
    <Page
      view={view}
      back="none"
      headline={<h1 className="visually-hidden">{t('ticket.title')}</h1>}
      primary={{ label: t('action.done'), onPress: () => void host.send({ type: 'next' }) }}
    >
      <div className={styles['body']}>
        <div className={styles['main']}>
          <div className={styles['number']}>
            <p>{t('ticket.title')}</p>
            <p className={styles['huge']}>{screen.number}</p>
            <p className={styles['business']}>
              {text(screen.business)}
              {screen.priority !== 'none' && (
                <span className={styles['priority']}>
                  {t('ticket.priority')} · {t(`queue.priority.${screen.priority}`)}
                </span>
              )}
            </p>
          </div>
          <Facts
            columns={2}
            items={[
              { label: t('ticket.ahead'), value: t('ticket.people', { count: screen.ahead }), isStrong: true },
              ...(screen.waitMinutes === undefined
                ? []
                : [
                    {
                      label: t('ticket.wait'),
                      value: t('ticket.minutes', { count: screen.waitMinutes }),
                      isStrong: true,
                    },
                  ]),
              { label: t('ticket.place'), value: text(screen.place) },
              { label: t('ticket.takenAt'), value: formatMoment(screen.takenAtMs, now, language) },
            ]}
          />
        </div>
        <div className={styles['side']}>
          <PrintStatus print={screen.print} />
          <div className={styles['paper']}>
            <ReceiptPaper lines={screen.print.preview} />
          </div>
        </div>
      </div>
    </Page>
  );
};
