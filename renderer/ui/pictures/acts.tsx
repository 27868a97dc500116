// Drawings of what the hand does at each device. One drawing an act; the phase moves its parts (acts.module.css).
// Grid 320 × 240, ink lines 4, the same tones as the pictures.

import type { ReactNode } from 'react';
import type { CoachPhase } from '../../../main/contract/view.ts';
import styles from './acts.module.css';

export const coachActs = ['placeCard', 'showQr', 'putPage', 'takeTicket', 'openDoor', 'pressPad'] as const;
export type CoachAct = (typeof coachActs)[number];

const s = (name: string): string => styles[name] ?? '';

/** A hand that holds something by its right edge: cuff, back of the hand, thumb in front. */
const handBehind = (
  <g className={s('skin')}>
    <path d="M300 150l-44 4c-10-12-24-20-40-22-8-1-12 3-12 8s4 8 10 9l14 3-34 2c-7 1-10 6-9 11s5 8 11 8l-2 2c-5 3-5 9-2 13 2 3 6 4 10 3l4 1c-1 6 3 11 9 11h30c14 0 26-6 32-16l23-2z" />
    <path className={s('cuff')} d="M298 142h22v62h-22z" />
  </g>
);
const thumb = <path className={s('thumb')} d="M232 132c-12-8-26-8-38-2-6 3-7 10-3 14s9 4 14 2c8-3 16-2 24 4" />;

const cardFace = (
  <>
    <rect className={s('paper')} x="85" y="91" width="126" height="80" rx="8" />
    <path d="M98 110h30M98 126h24M98 154h42" />
    <circle className={s('accent')} cx="158" cy="116" r="11" />
    <path className={s('accent')} d="M139 148c1-13 8-18 19-18s18 5 19 18z" />
  </>
);

const done = (
  <g className={s('done')}>
    <circle cx="160" cy="112" r="54" />
    <path d="M134 113l18 19 36-40" />
  </g>
);

const drawings: Record<CoachAct, ReactNode> = {
  placeCard: (
    <>
      <rect className={s('tint')} x="40" y="24" width="216" height="192" rx="20" />
      <path className={s('waves')} d="M124 60a24 24 0 0 1 48 0M136 62a12 12 0 0 1 24 0" />
      <rect className={s('target')} x="78" y="84" width="140" height="94" rx="10" />
      <path className={s('glow')} d="M92 200h112" />
      <g className={s('lay')}>
        {handBehind}
        {cardFace}
        {thumb}
      </g>
    </>
  ),
  showQr: (
    <>
      <path className={s('tint')} d="M18 40h40a10 10 0 0 1 10 10v140a10 10 0 0 1-10 10H18z" />
      <rect className={s('dark')} x="46" y="88" width="22" height="64" rx="4" />
      <path className={s('beam')} d="M70 120L150 66v108z" />
      <g className={s('hold')}>
        <g transform="translate(28 -26)">{handBehind}</g>
        <rect className={s('paper')} x="140" y="34" width="100" height="172" rx="12" />
        <rect className={s('surface')} x="154" y="62" width="72" height="72" rx="3" />
        <path
          className={s('modules')}
          d="M160 68h20v20h-20zM200 68h20v20h-20zM160 108h20v20h-20zM186 68h8v14h-8zM186 90h14v8h-14zM206 96h14v8h-14zM186 104h10v24h-10zM204 112h16v16h-16z"
        />
        <path d="M176 192h28M160 152h60M160 166h40" />
        <g transform="translate(28 -26)">{thumb}</g>
      </g>
    </>
  ),
  putPage: (
    <>
      <path className={s('surface')} d="M60 148L88 34h168l24 114z" />
      <path className={s('tint')} d="M40 148h240v58a10 10 0 0 1-10 10H50a10 10 0 0 1-10-10z" />
      <path className={s('glow')} d="M64 160h192" />
      <g className={s('lay')}>
        <g transform="translate(26 -50)">{handBehind}</g>
        <path className={s('paper')} d="M96 66h120l10 86H84z" />
        <path d="M112 84h86M110 100h90M108 116h60M106 132h40" />
        <g transform="translate(20 -50)">{thumb}</g>
      </g>
    </>
  ),
  takeTicket: (
    <>
      <g className={s('feed')}>
        <path className={s('paper')} d="M110 70h100v126l-10-8-10 8-10-8-10 8-10-8-10 8-10-8-10 8-10-8-10 8z" />
        <path d="M128 100h64M128 118h40M128 160h64" />
        <path className={s('modules')} d="M128 132h16v16h-16zM150 132h10v10h-10zM166 132h16v16h-16z" />
      </g>
      <path className={s('tint')} d="M52 26h216a10 10 0 0 1 10 10v50H42V36a10 10 0 0 1 10-10z" />
      <path d="M94 78h132" strokeWidth="10" />
      <circle className={s('lamp')} cx="252" cy="52" r="7" />
      <g className={s('grab')} transform="translate(-20 20)">
        {handBehind}
        {thumb}
      </g>
    </>
  ),
  openDoor: (
    <>
      <rect className={s('tint')} x="60" y="16" width="200" height="208" rx="8" />
      <path d="M160 16v208M60 85h200M60 154h200" />
      <path d="M142 46v12M142 115v12M142 184v12M242 46v12M242 184v12" />
      <path className={s('hollow')} d="M160 85h100v69H160z" />
      <g className={s('inside')}>
        <path className={s('paper')} d="M184 100h36l12 12v38h-48z" />
        <path d="M194 122h26M194 134h18" />
      </g>
      <path className={s('door')} d="M160 85h100v69H160z" />
    </>
  ),
  pressPad: (
    <>
      <path
        className={s('tint')}
        d="M52 96h216a14 14 0 0 1 14 14v90a14 14 0 0 1-14 14H52a14 14 0 0 1-14-14v-90a14 14 0 0 1 14-14z"
      />
      {[76, 118, 160, 202, 244].map((x, index) => (
        <circle key={x} className={s(index === 2 ? 'key' : 'surface')} cx={x} cy="162" r="15" />
      ))}
      <path d="M76 122h168" />
      <g className={s('press')}>
        <path
          className={s('finger')}
          d="M146 136V66a14 14 0 0 1 28 0v26l34 8c10 3 16 11 14 22l-6 34h-60z"
          transform="rotate(180 160 82) translate(0 10)"
        />
      </g>
    </>
  ),
};

export type ActDrawingProps = { act: CoachAct; phase: CoachPhase; label: string };

export const ActDrawing = ({ act, phase, label }: ActDrawingProps) => (
  <svg className={s('act')} viewBox="0 0 320 240" role="img" aria-label={label} data-phase={phase} data-act={act}>
    {drawings[act]}
    {phase === 'done' && done}
    {(phase === 'failed' || phase === 'unavailable') && (
      <g className={s('stopped')}>
        <circle cx="270" cy="46" r="30" />
        <path d="M270 30v20M270 60v1" />
      </g>
    )}
  </svg>
);
