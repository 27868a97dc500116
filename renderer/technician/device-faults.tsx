// The faults of one device, each with who acts and what to do.

import type { FaultView } from '../../main/contract/devices.ts';
import { useT, useText } from '../ui/i18n/i18n.ts';
import styles from './device-faults.module.css';

export const DeviceFaults = ({ faults }: { faults: readonly FaultView[] }) => {
  const t = useT();
  const text = useText();
  if (faults.length === 0) return <span className={styles['none']}>{t('console.device.noFault')}</span>;
  return (
    <ul className={styles['faults']}>
      {faults.map((fault) => (
        <li key={fault.code}>
          <p className={styles['what']}>{text(fault.what)}</p>
          <p className={styles['todo']}>
            <strong>{t(`console.who.${fault.who}`)}</strong> {text(fault.todo)}{' '}
            <span className={styles['code']}>{fault.code}</span>
          </p>
        </li>
      ))}
    </ul>
  );
};
