// The plan: the kiosk as it stands there, each device at its place, with its live state.

import { useId } from 'react';
import type { ConsoleDevice } from '../../../main/contract/console.ts';
import { useT, useText } from '../i18n/i18n.ts';
import { plan, planOf } from './plan-places.ts';
import styles from './hall-plan.module.css';
import { StateBadge, toneOf } from './state-badge.tsx';

export type HallPlanProps = {
  devices: readonly ConsoleDevice[];
  orientation: 'portrait' | 'landscape';
  onOpen: (deviceId: string) => void;
};

const rimWidth = 28;
const percent = (part: number, whole: number): string => `${(100 * part) / whole}%`;

export const HallPlan = ({ devices, orientation, onOpen }: HallPlanProps) => {
  const t = useT();
  const text = useText();
  const shade = useId();
  const {
    height: planHeight,
    housing: box,
    placed,
  } = planOf(
    devices.map(({ place }) => place),
    orientation,
  );
  const middle = box.x + box.width / 2;
  const bottom = box.y + box.height;
  const { width, height } = plan.label;
  return (
    <div
      className={styles['plan']}
      role="group"
      aria-label={t('console.devices.plan')}
      style={{ aspectRatio: `${plan.width} / ${planHeight}` }}
    >
      <svg className={styles['drawing']} viewBox={`0 0 ${plan.width} ${planHeight}`} aria-hidden="true">
        <defs>
          <linearGradient id={shade} x1="0" y1="0" x2="1" y2="1">
            <stop offset="0" className={styles['glassFrom'] ?? ''} />
            <stop offset="1" className={styles['glassTo'] ?? ''} />
          </linearGradient>
        </defs>
        <path className={styles['foot']} d={`M${middle - 46} ${bottom}h92l10 30h-112z`} />
        <rect className={styles['housing']} x={box.x} y={box.y} width={box.width} height={box.height} rx="16" />
        <rect
          x={box.x + rimWidth}
          y={box.y + rimWidth}
          width={box.width - 2 * rimWidth}
          height={box.height - 2 * rimWidth}
          rx="6"
          fill={`url(#${shade})`}
        />
        {devices.map((device, index) => {
          const at = placed[index];
          if (at === undefined) return null;
          const isUpright = device.place.edge === 'left' || device.place.edge === 'right';
          const from = isUpright
            ? { x: device.place.edge === 'left' ? width : plan.width - width, y: at.label.y + height / 2 }
            : { x: at.label.x + width / 2, y: device.place.edge === 'top' ? height : planHeight - height };
          const half = isUpright ? { x: 8, y: 17 } : { x: 17, y: 8 };
          return (
            <g key={device.id} data-tone={toneOf(device)} className={styles['device']}>
              <path className={styles['lead']} d={`M${from.x} ${from.y}L${at.device.x} ${at.device.y}`} />
              <rect x={at.device.x - half.x} y={at.device.y - half.y} width={2 * half.x} height={2 * half.y} rx="4" />
            </g>
          );
        })}
      </svg>
      {devices.map((device, index) => {
        const at = placed[index];
        if (at === undefined) return null;
        return (
          <button
            key={device.id}
            type="button"
            className={styles['label']}
            data-tone={toneOf(device)}
            onClick={() => onOpen(device.id)}
            style={{
              left: percent(at.label.x, plan.width),
              top: percent(at.label.y, planHeight),
              width: percent(width, plan.width),
              height: percent(height, planHeight),
            }}
          >
            <span className={styles['name']}>{text(device.name)}</span>
            <StateBadge device={device} />
          </button>
        );
      })}
    </div>
  );
};
