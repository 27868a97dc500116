// Nobody is here: who we are, what time it is, what people come for, how to start. Large enough to read from across the hall; darker at
// night; everything moves a little each minute, so that nothing burns in.

import { Languages, Pointer, TriangleAlert, WifiOff } from 'lucide-react';
import { Button } from '../../ui/components/button.tsx';
import { Button as PlainButton } from 'react-aria-components';
import { HallName } from '../../ui/components/hall-name.tsx';
import { useStaffTaps } from '../../ui/components/staff-taps.ts';
import { useNow } from '../../ui/components/use-now.ts';
import { useHost } from '../../connection.ts';
import { formatDate, formatTime } from '../../ui/format.ts';
import { useLanguage, useT, useText } from '../../ui/i18n/i18n.ts';
import { Tile } from '../../ui/components/tile.tsx';
import { play } from '../../ui/sound.ts';
import type { ScreenProps } from '../screen-props.ts';
import styles from './attract.module.css';
import { HallDrawing } from './hall-drawing.tsx';
import { shiftAt } from './shift.ts';

export const AttractScreen = ({ view, screen }: ScreenProps<'attract'>) => {
  const t = useT();
  const text = useText();
  const language = useLanguage();
  const host = useHost();
  const now = useNow();
  const onTap = useStaffTaps();
  const shift = shiftAt(now);
  const start = (): void => void host.send({ type: 'touch' });
  return (
    <div className={styles['attract']} data-night={screen.isNight || undefined}>
      <HallDrawing className={styles['hall'] ?? ''} />
      {/* The whole glass starts; what has a button of its own lies above it. */}
      <PlainButton
        className={styles['everywhere'] ?? ''}
        aria-label={t('attract.touch')}
        onPressStart={() => play('touch')}
        onPress={start}
      />
      <main
        className={styles['content']}
        style={{ transform: `translate(calc(${shift.xMm} * var(--mm)), calc(${shift.yMm} * var(--mm)))` }}
      >
        <header className={styles['top']}>
          <div className={styles['clock']} onPointerDown={onTap} data-staff-taps>
            <time className={styles['time']}>{formatTime(now)}</time>
            <span className={styles['date']}>{formatDate(now, language)}</span>
          </div>
          <Button
            icon={<Languages aria-hidden="true" />}
            onPress={() => void host.send({ type: 'setLanguage', language: language === 'zh' ? 'en' : 'zh' })}
          >
            {t(language === 'zh' ? 'header.toEnglish' : 'header.toChinese')}
          </Button>
        </header>
        <h1 className={styles['name']}>
          <HallName name={text(view.hall)} />
        </h1>
        <ul className={styles['reasons']} aria-label={t('attract.can')}>
          {screen.shortcuts.map((shortcut) => (
            <li key={shortcut.kind}>
              <Tile
                picture={shortcut.kind}
                pictureMm={40}
                title={text(shortcut.name)}
                why={shortcut.available ? undefined : shortcut.why ? text(shortcut.why) : t('attract.unavailable')}
                onPress={() => void host.send({ type: shortcut.kind === 'queue' ? 'openQueue' : 'touch' })}
              />
            </li>
          ))}
        </ul>
        <p className={styles['touch']} aria-hidden="true">
          <Pointer />
          {t('attract.touch')}
          <span className={styles['other']}>{language === 'zh' ? 'Touch to start' : '触摸屏幕开始'}</span>
        </p>
        {(screen.announcement !== undefined || screen.unavailable.length > 0 || !view.isOnline) && (
          <div className={styles['news']}>
            {screen.announcement !== undefined && (
              <p>
                <strong>{t('attract.announcement')}</strong>
                {text(screen.announcement)}
              </p>
            )}
            {!view.isOnline && (
              <p className={styles['missing']}>
                <WifiOff aria-hidden="true" />
                <span>
                  <strong>{t('header.offline')}</strong>
                  {view.waitingToSend > 0 && t('header.waitingToSend', { count: view.waitingToSend })}
                </span>
              </p>
            )}
            {screen.unavailable.slice(0, 3).map((missing) => (
              <p key={missing.what.en} className={styles['missing']}>
                <TriangleAlert aria-hidden="true" />
                <span>
                  <strong>{t('attract.unavailable')}</strong>
                  {text(missing.what)} · {text(missing.why)}
                </span>
              </p>
            ))}
          </div>
        )}
      </main>
    </div>
  );
};
