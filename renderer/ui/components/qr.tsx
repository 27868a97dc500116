// A QR code as SVG: always dark on white with its quiet zone, in every theme, since phones read nothing else well.

import { encode } from 'uqr';
import styles from './qr.module.css';

export type QrProps = { text: string; label: string; sizeMm?: number | undefined };

export const Qr = ({ text, label, sizeMm = 48 }: QrProps) => {
  const code = encode(text, { ecc: 'M', border: 4 });
  const path = code.data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg
      className={styles['qr']}
      role="img"
      aria-label={label}
      viewBox={`0 0 ${code.size} ${code.size}`}
      style={{ width: `calc(${sizeMm} * var(--mm))`, height: `calc(${sizeMm} * var(--mm))` }}
      shapeRendering="crispEdges"
    >
      <path d={`M0 0h${code.size}v${code.size}H0z`} className={styles['ground']} />
      <path d={path} />
    </svg>
  );
};
