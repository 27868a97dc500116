// The last step before the case is handed in: what was done, what happens next, honest about a missing network.
// After it: the host saves the case and shows the receipt.

import { CircleCheck, RotateCcw, Send } from 'lucide-react';
import { useHost } from '../../connection.ts';
import { FaultNotice } from '../../ui/components/fault-notice.tsx';
import { Notice } from '../../ui/components/notice.tsx';
import { Page } from '../../ui/components/page.tsx';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import { Picture } from '../../ui/pictures/picture.tsx';
import type { ScreenProps } from '../screen-props.ts';
import styles from './submit-screen.module.css';

export const SubmitScreen = ({ screen, view }: ScreenProps<'submit'>) => {
  const host = useHost();
  const t = useT();
  const text = useText();
  const isSaving = screen.phase === 'saving';
  // The host lets nobody come here without these three.
  const done = [t('submit.filledIn'), t('submit.handedOver'), t('submit.signed')];
  return (
    <Page
      view={view}
      title={isSaving ? t('submit.saving') : screen.phase === 'failed' ? t('submit.failed') : t('submit.title')}
      {...(isSaving ? { back: 'none' } : {})}
      primary={{
        label: screen.phase === 'failed' ? t('action.retry') : t('submit.submit'),
        icon: screen.phase === 'failed' ? <RotateCcw aria-hidden="true" /> : <Send aria-hidden="true" />,
        isBusy: isSaving,
        onPress: () => void host.send({ type: 'next' }),
      }}
    >
      <div className={styles['sheet']}>
        <Picture name="originals" sizeMm={76} />
        <div className={styles['words']}>
          <h2 className={styles['item']}>{text(screen.itemName)}</h2>
          <ul className={styles['done']}>
            {done.map((line) => (
              <li key={line}>
                <CircleCheck aria-hidden="true" />
                {line}
              </li>
            ))}
          </ul>
        </div>
      </div>
      {screen.failure !== undefined && <FaultNotice fault={screen.failure} />}
      {screen.willSendLater ? (
        <Notice tone="attention" title={t('submit.offlineTitle')}>
          {t('submit.offline')}
        </Notice>
      ) : (
        <Notice tone="info" title={t('submit.afterTitle')}>
          {t('submit.after')}
        </Notice>
      )}
    </Page>
  );
};
