// 好差评: one rating for this visit, by one touch. Only the two lowest levels ask why; nothing chosen is nothing recorded.
// Before it: receipt and locker. After it: goodbye. The pad beside the screen answers the same question.

import { Check } from 'lucide-react';
import { useState } from 'react';
import { Button as PlainButton } from 'react-aria-components';
import { useHost } from '../../connection.ts';
import { Button } from '../../ui/components/button.tsx';
import { Page } from '../../ui/components/page.tsx';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import { Picture } from '../../ui/pictures/picture.tsx';
import { play } from '../../ui/sound.ts';
import type { ScreenProps } from '../screen-props.ts';
import { Face } from './face.tsx';
import styles from './rate-screen.module.css';

/** Levels that count as 差评 and ask for a reason (GB/T 39735). */
const lowest = 2;

export const RateScreen = ({ screen, view }: ScreenProps<'rate'>) => {
  const host = useHost();
  const t = useT();
  const text = useText();
  const [low, setLow] = useState<number>();
  const [reasons, setReasons] = useState<readonly string[]>([]);
  const [isSending, setIsSending] = useState(false);

  const send = (level: number, why: readonly string[]): void => {
    setIsSending(true);
    void host.send({ type: 'rate', level, reasons: [...why] }).then(() => setIsSending(false));
  };
  const choose = (level: number): void => {
    if (isSending) return;
    if (level <= lowest && screen.reasons.length > 0) setLow(level);
    else send(level, []);
  };
  const toggle = (id: string): void =>
    setReasons((now) => (now.includes(id) ? now.filter((other) => other !== id) : [...now, id]));

  if (low !== undefined) {
    const name = screen.levels.find(({ level }) => level === low)?.name;
    return (
      <Page
        view={view}
        title={t('rate.whyTitle')}
        lead={t('rate.whyLead')}
        back={{ label: t('action.back'), onPress: () => setLow(undefined) }}
        primary={{ label: t('submit.submit'), isBusy: isSending, onPress: () => send(low, reasons) }}
      >
        <p className={styles['chosen']}>
          <Face level={low} />
          {name !== undefined && text(name)}
        </p>
        <div className={styles['reasons']} role="group" aria-label={t('rate.whyTitle')}>
          {screen.reasons.map((reason) => (
            <Button
              key={reason.id}
              size="primary"
              isWide
              isSelected={reasons.includes(reason.id)}
              icon={
                <span className={styles['box']} data-ticked={reasons.includes(reason.id) || undefined}>
                  <Check aria-hidden="true" />
                </span>
              }
              onPress={() => toggle(reason.id)}
            >
              {text(reason.name)}
            </Button>
          ))}
        </div>
      </Page>
    );
  }
  return (
    <Page
      view={view}
      title={t('rate.title')}
      {...(screen.itemName === undefined ? {} : { lead: text(screen.itemName) })}
      back={{ label: t('rate.skip'), onPress: () => void host.send({ type: 'skipRating' }) }}
    >
      <div className={styles['levels']} role="group" aria-label={t('rate.title')}>
        {screen.levels.map(({ level, name }) => (
          <PlainButton
            key={level}
            className={styles['level'] ?? ''}
            isDisabled={isSending}
            onPressStart={() => play('touch')}
            onPress={() => choose(level)}
          >
            <Face level={level} />
            <span>{text(name)}</span>
          </PlainButton>
        ))}
      </div>
      {screen.padPlace !== undefined && (
        <div className={styles['pad']}>
          <Picture name="ratingPad" sizeMm={24} />
          <p>{t('rate.pad', { place: text(screen.padPlace.label) })}</p>
        </div>
      )}
      <p className={styles['voluntary']}>{t('rate.voluntary')}</p>
    </Page>
  );
};
