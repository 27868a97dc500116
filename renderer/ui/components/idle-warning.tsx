// Nobody has touched anything for a while: how many seconds are left, one large way to stay, one way to end.

import { useEffect, useState } from 'react';
import { useHost } from '../../connection.ts';
import { useT } from '../i18n/i18n.ts';
import { play } from '../sound.ts';
import { Button } from './button.tsx';
import { Countdown } from './countdown.tsx';
import { Dialog } from './dialog.tsx';
import { useNow } from './use-now.ts';

export type IdleWarningProps = { wipeAtMs: number };

export const IdleWarning = ({ wipeAtMs }: IdleWarningProps) => {
  const t = useT();
  const host = useHost();
  const now = useNow();
  // The ring empties from what was left when the warning came.
  const [wholeMs] = useState(() => Math.max(1000, wipeAtMs - now));
  const seconds = Math.max(0, Math.ceil((wipeAtMs - now) / 1000));
  useEffect(() => play('attention'), []);
  return (
    <Dialog
      isOpen
      isAlert
      title={t('idle.title')}
      picture={<Countdown seconds={seconds} part={(wipeAtMs - now) / wholeMs} />}
      actions={
        <>
          <Button size="primary" kind="quiet" onPress={() => void host.send({ type: 'leave' })}>
            {t('action.end')}
          </Button>
          <Button size="primary" kind="primary" onPress={() => void host.send({ type: 'extend' })}>
            {t('idle.stay')}
          </Button>
        </>
      }
    >
      <p>{t('idle.detail', { count: seconds })}</p>
    </Dialog>
  );
};
