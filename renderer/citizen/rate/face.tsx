// A drawn face for each of the five levels: mouth and brows say it, so that nobody has to read and no colour is needed.

import styles from './face.module.css';

const mouths: Record<number, string> = {
  5: 'M27 56c5 17 37 17 42 0z',
  4: 'M30 59c8 11 28 11 36 0',
  3: 'M32 63h32',
  2: 'M31 69c8-10 26-10 34 0',
  1: 'M28 72c7-16 33-16 40 0',
};
const frown = 'M25 29l13 6M71 29l-13 6';

export type FaceProps = { level: number };

export const Face = ({ level }: FaceProps) => (
  <svg className={styles['face']} viewBox="0 0 96 96" data-level={level} aria-hidden="true">
    <circle className={styles['skin']} cx="48" cy="48" r="42" />
    <path className={level === 5 ? styles['open'] : undefined} d={mouths[level] ?? mouths[3]} />
    {level !== 5 && <path className={styles['eyes']} d="M34 40v3M62 40v3" />}
    {level === 1 && <path d={frown} />}
    {level === 5 && <path d="M27 42c3-5 9-5 12 0M57 42c3-5 9-5 12 0" />}
  </svg>
);
