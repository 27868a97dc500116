// The top of every screen: hall and time, and what helps everybody: language, larger type, a person.
// Five taps on the hall's name within three seconds open the door for staff; nothing on the screen tells of it.

import { Accessibility, BellRing, Languages, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import type { View } from '../../../main/contract/view.ts';
import { useHost } from '../../connection.ts';
import { formatMoment } from '../format.ts';
import { useLanguage, useT, useText } from '../i18n/i18n.ts';
import { Button } from './button.tsx';
import { HallName } from './hall-name.tsx';
import { HallMark } from './hall-mark.tsx';
import styles from './header.module.css';
import { useStaffTaps } from './staff-taps.ts';
import { useNow } from './use-now.ts';

export type HeaderProps = { view: View; steps?: ReactNode };

export const Header = ({ view, steps }: HeaderProps) => {
  const t = useT();
  const text = useText();
  const language = useLanguage();
  const host = useHost();
  const now = useNow();
  const onTap = useStaffTaps();
  return (
    <header className={styles['header']}>
      {/* A plain pointer listener: staff know it, screen readers and citizens have no use for it. */}
      <div className={styles['hall']} onPointerDown={onTap} data-staff-taps>
        <HallMark />
        <p className={styles['name']}>
          <HallName name={text(view.hall)} />
        </p>
        <p className={styles['time']}>
          <time>{formatMoment(now, now, language)}</time>
          {!view.isOnline && (
            <span className={styles['offline']}>
              <WifiOff aria-hidden="true" />
              {t('header.offline')}
            </span>
          )}
        </p>
      </div>
      {steps !== undefined && <div className={styles['steps']}>{steps}</div>}
      <div className={styles['helps']}>
        <Button
          icon={<Languages aria-hidden="true" />}
          onPress={() => void host.send({ type: 'setLanguage', language: view.language === 'zh' ? 'en' : 'zh' })}
        >
          {view.language === 'zh' ? t('header.toEnglish') : t('header.toChinese')}
        </Button>
        <Button
          icon={<Accessibility aria-hidden="true" />}
          onPress={() => void host.send({ type: 'setMode', mode: view.mode === 'elder' ? 'standard' : 'elder' })}
        >
          {view.mode === 'elder' ? t('header.toStandard') : t('header.toElder')}
        </Button>
        <Button icon={<BellRing aria-hidden="true" />} onPress={() => void host.send({ type: 'callHelp' })}>
          {t('header.help')}
        </Button>
      </div>
    </header>
  );
};
