// A fault in a person's words: what happened, what to do, who acts; the code small, for staff.

import type { ReactNode } from 'react';
import type { FaultView } from '../../../main/contract/devices.ts';
import { useT, useText } from '../i18n/i18n.ts';
import styles from './fault-notice.module.css';
import { Notice } from './notice.tsx';

export type FaultNoticeProps = { fault: FaultView; action?: ReactNode };

export const FaultNotice = ({ fault, action }: FaultNoticeProps) => {
  const t = useT();
  const text = useText();
  return (
    <Notice tone={fault.who === 'engineer' ? 'problem' : 'attention'} title={text(fault.what)} action={action} isLive>
      <p>{text(fault.todo)}</p>
      <p className={styles['who']}>
        <span>{t(`fault.${fault.who}`)}</span>
        <span className={styles['code']}>{t('fault.code', { code: fault.code })}</span>
      </p>
    </Notice>
  );
};
