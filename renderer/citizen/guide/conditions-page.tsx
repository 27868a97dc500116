// Conditions, what happens after submission, what one gets and who works on it: for those who want to read before they start.

import type { ReactNode } from 'react';
import type { ScreenOf, View } from '../../../main/contract/view.ts';
import { Page } from '../../ui/components/page.tsx';
import { Paged } from '../../ui/components/paged.tsx';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import styles from './conditions-page.module.css';

export type ConditionsPageProps = { view: View; screen: ScreenOf<'guide'>; onClose: () => void };

export const ConditionsPage = ({ view, screen, onClose }: ConditionsPageProps) => {
  const t = useT();
  const text = useText();
  const part = (title: string, body: ReactNode) => ({
    key: title,
    node: (
      <li key={title} className={styles['part']}>
        <h2>{title}</h2>
        {body}
      </li>
    ),
  });
  const items = [
    part(
      t('guide.conditions'),
      <ul>
        {screen.conditions.map((condition) => (
          <li key={condition.zh}>{text(condition)}</li>
        ))}
      </ul>,
    ),
    part(
      t('guide.nextSteps'),
      <ol>
        {screen.nextSteps.map((step) => (
          <li key={step.zh}>{text(step)}</li>
        ))}
      </ol>,
    ),
    part(t('guide.result'), <p>{text(screen.result)}</p>),
    part(
      t('guide.lead', { name: text(screen.lead) }),
      screen.departments.length > 0 && (
        <p>
          {t('guide.with')} {screen.departments.map((department) => text(department)).join(' · ')}
        </p>
      ),
    ),
  ];
  return (
    <Page
      view={view}
      title={`${text(screen.item.name)} · ${t('guide.more')}`}
      back={{ label: t('action.back'), onPress: onClose }}
    >
      <Paged label={t('guide.more')} items={items} />
    </Page>
  );
};
