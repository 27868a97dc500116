// The machine seen from the front, with the device that is meant standing out at its true place around the glass.

import type { DevicePlace } from '../../../main/contract/devices.ts';
import styles from './machine.module.css';

export type MachineDrawingProps = {
  orientation: 'portrait' | 'landscape';
  place: DevicePlace;
  isLit?: boolean;
};

type Box = { x: number; y: number; width: number; height: number };
const glass: Record<MachineDrawingProps['orientation'], Box> = {
  portrait: { x: 62, y: 44, width: 96, height: 160 },
  landscape: { x: 36, y: 56, width: 148, height: 88 },
};
/** Rim of the housing around the glass, wide enough for devices. */
const rim = 26;

/** Centre of the device on the rim, and the size of its face. */
export const deviceOnRim = (box: Box, place: Pick<DevicePlace, 'edge' | 'at'>): { x: number; y: number } => {
  const at = Math.min(0.94, Math.max(0.06, place.at));
  switch (place.edge) {
    case 'left':
      return { x: box.x - rim / 2, y: box.y + box.height * at };
    case 'right':
      return { x: box.x + box.width + rim / 2, y: box.y + box.height * at };
    case 'top':
      return { x: box.x + box.width * at, y: box.y - rim / 2 };
    case 'bottom':
      return { x: box.x + box.width * at, y: box.y + box.height + rim / 2 };
    default:
      return place.edge satisfies never;
  }
};

export const MachineDrawing = ({ orientation, place, isLit = true }: MachineDrawingProps) => {
  const box = glass[orientation];
  const device = deviceOnRim(box, place);
  const isLevel = place.edge === 'top' || place.edge === 'bottom';
  const half = isLevel ? { x: 15, y: 8 } : { x: 8, y: 15 };
  const bottom = box.y + box.height + rim;
  const middle = box.x + box.width / 2;
  return (
    <svg className={styles['machine']} viewBox="0 0 220 300" aria-hidden="true">
      <path className={styles['foot']} d={`M${middle - 34} ${bottom}h68l8 ${276 - bottom}h-84z`} />
      <path className={styles['foot']} d={`M${middle - 62} 276h124v12h-124z`} />
      <rect
        className={styles['housing']}
        x={box.x - rim}
        y={box.y - rim}
        width={box.width + 2 * rim}
        height={box.height + 2 * rim}
        rx="12"
      />
      <rect className={styles['glass']} x={box.x} y={box.y} width={box.width} height={box.height} rx="4" />
      <path
        className={styles['lines']}
        d={`M${box.x + 12} ${box.y + 16}h${box.width * 0.4}M${box.x + 12} ${box.y + 30}h${box.width * 0.62}M${box.x + 12} ${box.y + 44}h${box.width * 0.5}`}
      />
      {isLit && <circle className={styles['halo']} cx={device.x} cy={device.y} r="26" />}
      <rect
        className={styles['device']}
        data-lit={isLit || undefined}
        x={device.x - half.x}
        y={device.y - half.y}
        width={half.x * 2}
        height={half.y * 2}
        rx="4"
      />
    </svg>
  );
};
