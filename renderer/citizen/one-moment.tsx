// No host for a moment: a calm cover over the last screen, only when it lasts longer than a blink.

import { useEffect, useState } from 'react';
import { Spinner } from '../ui/components/progress.tsx';
import { useT } from '../ui/i18n/i18n.ts';
import styles from './one-moment.module.css';

export const coverAfterMs = 800;

export const OneMoment = ({ isMissing }: { isMissing: boolean }) => {
  const t = useT();
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (!isMissing) return undefined;
    const timer = setTimeout(() => setShown(true), coverAfterMs);
    return () => {
      clearTimeout(timer);
      setShown(false);
    };
  }, [isMissing]);
  if (!isShown) return null;
  return (
    <div className={styles['cover']} role="alert">
      <span className={styles['spinner']}>
        <Spinner />
      </span>
      <p className={styles['words']}>{t('app.oneMoment')}</p>
      <p className={styles['other']}>{t('app.oneMomentOther')}</p>
    </div>
  );
};
