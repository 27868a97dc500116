// Coaching at a device: where it is, what to do with the hand, and how it goes.
//
//   words ── drawing of the act ── drawing of the machine with the device lit ── an arrow on the glass that points at the real one
//
// The arrow stands at the edge of the glass behind which the device sits, at the height or width at which it sits.

import { MapPin } from 'lucide-react';
import { Children, useEffect, useRef, type ReactNode } from 'react';
import type { Coach } from '../../../main/contract/view.ts';
import { useView } from '../../connection.ts';
import { useT, useText } from '../i18n/i18n.ts';
import { ActDrawing, type CoachAct } from '../pictures/acts.tsx';
import { MachineDrawing } from '../pictures/machine.tsx';
import { play } from '../sound.ts';
import { CoachPointer } from './coach-pointer.tsx';
import styles from './coach-stage.module.css';
import { FaultNotice } from './fault-notice.tsx';

export type { CoachAct } from '../pictures/acts.tsx';

export type CoachStageProps = {
  act: CoachAct;
  coach: Coach;
  /** Own words instead of the act's. */
  title?: string | undefined;
  /** Offered after 40 s, and where the device cannot be used. */
  otherWay?: ReactNode;
  /** Words and act only, beside something else. */
  isCompact?: boolean | undefined;
  /** What else belongs to this moment. */
  children?: ReactNode;
};

/** What is said under the drawing: at once, after 15 s, after 40 s. */
const helpWords = { none: 'tip', hint: 'hint', otherWay: 'otherWay' } as const;

/** The words of a phase; `failed` and `unavailable` are the same for all acts. */
const useWords = (act: CoachAct, phase: Coach['phase']): string => {
  const t = useT();
  return phase === 'failed' || phase === 'unavailable' ? t(`coach.${phase}`) : t(`coach.${act}.${phase}`);
};

export const CoachStage = ({ act, coach, title, otherWay, isCompact = false, children }: CoachStageProps) => {
  const t = useT();
  const text = useText();
  const words = useWords(act, coach.phase);
  const orientation = useView()?.panel.orientation ?? 'portrait';
  const { phase, place, help, fault } = coach;
  const hasChildren = Children.toArray(children).length > 0;
  const hasChoices = otherWay !== undefined && (help === 'otherWay' || phase === 'unavailable' || phase === 'failed');
  const isPointing = phase === 'waiting' || phase === 'takeBack' || phase === 'failed';
  const before = useRef(phase);
  useEffect(() => {
    if (before.current === phase) return;
    before.current = phase;
    if (phase === 'done') play('done');
    if (phase === 'takeBack' || phase === 'failed') play('attention');
  }, [phase]);

  return (
    <section
      className={styles['stage']}
      data-edge={isPointing ? place.edge : undefined}
      data-phase={phase}
      data-choices={hasChoices || undefined}
      data-compact={isCompact || undefined}
    >
      <div className={styles['words']} role="status">
        <p className={styles['title']}>{phase === 'waiting' ? (title ?? words) : words}</p>
        <p className={styles['place']}>
          <MapPin aria-hidden="true" />
          {text(place.label)}
        </p>
      </div>
      <div className={styles['act']}>
        <ActDrawing act={act} phase={phase} label={t('coach.pictureOf', { act: words, place: text(place.label) })} />
      </div>
      <div className={styles['machine']}>
        <MachineDrawing orientation={orientation} place={place} isLit={phase !== 'unavailable'} />
      </div>
      <div className={styles['notices']}>
        {phase === 'waiting' && !hasChildren && (
          <p className={styles['hint']}>{t(`coach.${act}.${helpWords[help]}`)}</p>
        )}
        {fault !== undefined && <FaultNotice fault={fault} />}
        {children}
        {hasChoices && otherWay}
      </div>
      {isPointing && <CoachPointer place={place} />}
    </section>
  );
};
