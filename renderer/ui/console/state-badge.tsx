// The state of a device as colour, icon and word together; the colour alone never tells.

import {
  Activity,
  CircleCheck,
  CircleOff,
  CircleX,
  Hand,
  LoaderCircle,
  ShieldAlert,
  TriangleAlert,
  Unplug,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { ConsoleDevice } from '../../../main/contract/console.ts';
import type { DeviceState } from '../../../main/contract/devices.ts';
import { useT } from '../i18n/i18n.ts';
import styles from './state-badge.module.css';

export type Tone = 'ok' | 'attention' | 'problem' | 'quiet';

const icons: Record<DeviceState, ReactNode> = {
  starting: <LoaderCircle aria-hidden="true" />,
  online: <CircleCheck aria-hidden="true" />,
  busy: <Activity aria-hidden="true" />,
  offline: <Unplug aria-hidden="true" />,
  noDevice: <CircleOff aria-hidden="true" />,
  hardwareError: <CircleX aria-hidden="true" />,
  userError: <Hand aria-hidden="true" />,
  fraudAttempt: <ShieldAlert aria-hidden="true" />,
};

/** A device that works and still has something to say is no green one. */
export const toneOf = ({ state, faults }: Pick<ConsoleDevice, 'state' | 'faults'>): Tone => {
  switch (state) {
    case 'online':
    case 'busy':
      return faults.length > 0 ? 'attention' : 'ok';
    case 'userError':
      return 'attention';
    case 'starting':
      return 'quiet';
    case 'offline':
    case 'noDevice':
    case 'hardwareError':
    case 'fraudAttempt':
      return 'problem';
    default:
      return state satisfies never;
  }
};

export const Badge = ({ tone, icon, children }: { tone: Tone; icon: ReactNode; children: ReactNode }) => (
  <span className={styles['badge']} data-tone={tone}>
    {icon}
    <span>{children}</span>
  </span>
);

export const StateBadge = ({ device }: { device: Pick<ConsoleDevice, 'state' | 'faults'> }) => {
  const t = useT();
  const tone = toneOf(device);
  const isWarned = tone === 'attention' && device.state !== 'userError';
  return (
    <Badge tone={tone} icon={isWarned ? <TriangleAlert aria-hidden="true" /> : icons[device.state]}>
      {t(isWarned ? 'console.state.warned' : `console.state.${device.state}`)}
    </Badge>
  );
};
