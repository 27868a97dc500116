// The last screen: what to take along, each with what the machine knows about it. It ends by itself.

import { CircleCheck, Hand, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useHost } from '../../connection.ts';
import { Countdown } from '../../ui/components/countdown.tsx';
import { Page } from '../../ui/components/page.tsx';
import { useNow } from '../../ui/components/use-now.ts';
import { formatCode } from '../../ui/format.ts';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import { Picture } from '../../ui/pictures/picture.tsx';
import type { ScreenProps } from '../screen-props.ts';
import styles from './goodbye.module.css';

const icons = { taken: CircleCheck, remember: Hand, stillThere: TriangleAlert } as const;

export const GoodbyeScreen = ({ view, screen }: ScreenProps<'goodbye'>) => {
  const t = useT();
  const text = useText();
  const host = useHost();
  const now = useNow();
  const [wholeMs] = useState(() => Math.max(1000, screen.endsAtMs - now));
  const leftMs = Math.max(0, screen.endsAtMs - now);
  const seconds = Math.ceil(leftMs / 1000);
  // What still lies on the machine comes first: it is the one thing to do.
  const order = { stillThere: 0, remember: 1, taken: 2 } as const;
  const take = [...screen.take].sort((a, b) => order[a.state] - order[b.state]);
  return (
    <Page
      view={view}
      isBare
      title={take.length === 0 ? t('goodbye.titleNothing') : t('goodbye.title')}
      primary={{ label: t('action.end'), onPress: () => void host.send({ type: 'leave' }) }}
      more={<span className={styles['ends']}>{t('goodbye.endsIn', { count: seconds })}</span>}
    >
      <div className={styles['body']}>
        <ul className={styles['take']}>
          {take.map((thing) => {
            const Icon = icons[thing.state];
            return (
              <li key={thing.what} className={styles['thing']} data-state={thing.state}>
                <Picture name={thing.what} sizeMm={32} />
                <div className={styles['words']}>
                  <p className={styles['what']}>{t(`goodbye.${thing.what}`)}</p>
                  <p className={styles['state']}>
                    <Icon aria-hidden="true" />
                    {t(`goodbye.${thing.state}`)}
                  </p>
                  {thing.state !== 'taken' && thing.place !== undefined && (
                    <p className={styles['place']}>{text(thing.place.label)}</p>
                  )}
                </div>
              </li>
            );
          })}
        </ul>
        <div className={styles['foot']}>
          <Countdown seconds={seconds} part={leftMs / wholeMs} />
          <div>
            {screen.receiptNumber !== undefined && (
              <p className={styles['receipt']}>
                {t('goodbye.receiptNumber')} <strong>{formatCode(screen.receiptNumber)}</strong>
              </p>
            )}
            {screen.rated && <p>{t('goodbye.rated')}</p>}
            <p className={styles['wiped']}>{t('goodbye.wiped')}</p>
          </div>
        </div>
      </div>
    </Page>
  );
};
