// One message: colour never stands alone, an icon and a word say the same.

import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useT } from '../i18n/i18n.ts';
import styles from './notice.module.css';

export type Tone = 'info' | 'ok' | 'attention' | 'problem';
const icons = { info: Info, ok: CircleCheck, attention: TriangleAlert, problem: CircleAlert } as const;

export type NoticeProps = {
  tone: Tone;
  /** Without one, the tone's own word. */
  title?: string | undefined;
  children?: ReactNode;
  action?: ReactNode;
  /** Read aloud when it appears. */
  isLive?: boolean | undefined;
};

export const Notice = ({ tone, title, children, action, isLive = false }: NoticeProps) => {
  const t = useT();
  const Icon = icons[tone];
  return (
    <div
      className={styles['notice']}
      data-tone={tone}
      {...(isLive ? { role: tone === 'problem' ? 'alert' : 'status' } : {})}
    >
      <Icon className={styles['icon']} aria-hidden="true" />
      <div className={styles['words']}>
        <p className={styles['title']}>{title ?? t(`notice.${tone}`)}</p>
        {children !== undefined && <div className={styles['detail']}>{children}</div>}
      </div>
      {action !== undefined && <div className={styles['action']}>{action}</div>}
    </div>
  );
};
