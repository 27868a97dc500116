// One material of the guide: its picture, what exactly, how it is handed over, and a tick where nothing has to be brought.

import { Check } from 'lucide-react';
import type { ScreenOf } from '../../../main/contract/view.ts';
import { Row } from '../../ui/components/rows.tsx';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import styles from './guide.module.css';

export const NeedRow = ({ need }: { need: ScreenOf<'guide'>['needs'][number] }) => {
  const t = useT();
  const text = useText();
  const parts = [
    text(need.way),
    ...(need.isHeld ? [] : [t('guide.pages', { count: need.pages })]),
    ...(need.original ? [t('guide.original')] : []),
  ];
  return (
    <Row
      title={text(need.name)}
      picture={need.picture}
      detail={
        <>
          <span className={styles['what']}>{text(need.detail)}</span>
          <span className={styles['how']}>{parts.join(' · ')}</span>
        </>
      }
      end={
        need.isHeld ? (
          <span className={styles['held']}>
            <Check aria-hidden="true" />
            {t('guide.held')}
          </span>
        ) : need.required ? undefined : (
          <span className={styles['optional']}>{t('guide.optional')}</span>
        )
      }
    />
  );
};
