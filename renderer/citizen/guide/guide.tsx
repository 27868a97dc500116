// Before starting: whether it can be done here and now, how long it takes and costs, who handles it, and what is needed.

import { ListChecks } from 'lucide-react';
import { useState } from 'react';
import type { ScreenOf } from '../../../main/contract/view.ts';
import { useHost } from '../../connection.ts';
import { Button } from '../../ui/components/button.tsx';
import { Facts } from '../../ui/components/facts.tsx';
import { Notice } from '../../ui/components/notice.tsx';
import { Page } from '../../ui/components/page.tsx';
import { Paged } from '../../ui/components/paged.tsx';
import { formatMoney } from '../../ui/format.ts';
import { useLanguage, useT, useText } from '../../ui/i18n/i18n.ts';
import type { ScreenProps } from '../screen-props.ts';
import { toQueue } from '../to-queue.ts';
import { ConditionsPage } from './conditions-page.tsx';
import styles from './guide.module.css';
import { NeedRow } from './need-row.tsx';

const tones = { yes: 'ok', later: 'info', no: 'attention' } as const;

export const GuideScreen = ({ view, screen }: ScreenProps<'guide'>) => {
  const t = useT();
  const text = useText();
  const host = useHost();
  const [isMoreOpen, setMoreOpen] = useState(false);
  const begin = (): void => void host.send({ type: 'next' });
  const { can, why } = screen.here;
  if (isMoreOpen) return <ConditionsPage view={view} screen={screen} onClose={() => setMoreOpen(false)} />;
  return (
    <Page
      view={view}
      headline={<Headline screen={screen} />}
      primary={
        can === 'no'
          ? { label: t('guide.toQueue'), onPress: () => void toQueue(host) }
          : { label: t('action.begin'), onPress: begin }
      }
    >
      <div className={styles['body']}>
        <div className={styles['facts']} data-long={why === undefined ? undefined : true}>
          <Notice tone={tones[can]} title={t(`guide.here.${can}`)}>
            {why === undefined ? undefined : text(why)}
          </Notice>
          <GuideFacts screen={screen} />
          <p className={styles['who']}>
            <strong>{t('guide.lead', { name: text(screen.lead) })}</strong>
            {screen.departments.length > 0 && (
              <span className={styles['with']}>
                {t('guide.with')}
                {screen.departments.map((department) => (
                  <span key={department.zh}>{text(department)}</span>
                ))}
              </span>
            )}
          </p>
          <p className={styles['result']}>
            <span>{t('guide.result')}</span>
            {text(screen.result)}
          </p>
        </div>
        <section className={styles['needs']} aria-label={t('guide.needs')}>
          <div className={styles['head']}>
            <h2>{t('guide.needs')}</h2>
            <Button icon={<ListChecks aria-hidden="true" />} onPress={() => setMoreOpen(true)}>
              {t('guide.more')}
            </Button>
          </div>
          {screen.needs.length === 0 ? (
            <Notice tone="ok" title={t('guide.none')} />
          ) : (
            <Paged
              label={t('guide.needs')}
              items={screen.needs.map((need) => ({
                key: need.name.zh,
                node: <NeedRow key={need.name.zh} need={need} />,
              }))}
              most={{ standard: 6, elder: 4 }}
            />
          )}
        </section>
      </div>
    </Page>
  );
};

const Headline = ({ screen }: { screen: ScreenOf<'guide'> }) => {
  const t = useT();
  const text = useText();
  const { name, official } = screen.item;
  return (
    <div className={styles['headline']}>
      <h1>{text(name)}</h1>
      {text(official) !== text(name) && <p>{t('guide.official', { name: text(official) })}</p>}
    </div>
  );
};

const GuideFacts = ({ screen }: { screen: ScreenOf<'guide'> }) => {
  const t = useT();
  const text = useText();
  const language = useLanguage();
  const { fee, workingDays, atKioskMinutes } = screen;
  return (
    <div className={styles['numbers']}>
      <Facts
        items={[
          { label: t('guide.atKiosk'), value: t('guide.minutes', { count: atKioskMinutes }), isStrong: true },
          {
            label: t('guide.workingDays'),
            value: workingDays === 0 ? t('guide.today') : t('guide.days', { count: workingDays }),
            isStrong: true,
          },
          { label: t('guide.fee'), value: formatMoney(fee.amountFen, language), isStrong: true },
        ]}
      />
      {fee.note !== undefined && <p className={styles['note']}>{text(fee.note)}</p>}
    </div>
  );
};
