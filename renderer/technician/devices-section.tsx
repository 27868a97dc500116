// All devices: where they sit and how they are, on the plan and in a table. A touch opens one. Technicians also see the ports.

import type { ConsoleDevice } from '../../main/contract/console.ts';
import { useConsole } from '../ui/console/console-context.ts';
import { HallPlan } from '../ui/console/hall-plan.tsx';
import { Panel } from '../ui/console/panel.tsx';
import { StateBadge } from '../ui/console/state-badge.tsx';
import { Table, type Column } from '../ui/console/table.tsx';
import { formatInstant, formatSpan } from '../ui/console/times.ts';
import { useCitizenView } from '../ui/console/use-citizen-view.ts';
import { useLanguage, useT, useText } from '../ui/i18n/i18n.ts';
import { DeviceFaults } from './device-faults.tsx';
import { kindWords } from './device-words.ts';
import styles from './devices-section.module.css';
import { PortsPanel } from './ports-panel.tsx';

export const DevicesSection = () => {
  const t = useT();
  const text = useText();
  const language = useLanguage();
  const { view, goTo, nowMs, staff } = useConsole();
  const orientation = useCitizenView()?.panel.orientation ?? 'portrait';
  const open = (deviceId: string): void => goTo('devices', deviceId);
  const columns: Column<ConsoleDevice>[] = [
    {
      key: 'name',
      title: t('console.device.name'),
      render: (device) => (
        <span className={styles['name']}>
          {text(device.name)}
          <span className={styles['small']}>{t(kindWords[device.kind])}</span>
        </span>
      ),
    },
    {
      key: 'state',
      title: t('console.device.state'),
      render: (device) => (
        <>
          <StateBadge device={device} />
          <span className={styles['small']}>
            {t(device.required ? 'console.device.required' : 'console.device.spare')}
          </span>
        </>
      ),
    },
    {
      key: 'since',
      title: t('console.device.since'),

      render: (device) => (
        <>
          {formatInstant(device.sinceMs)}
          <span className={styles['small']}>{formatSpan(nowMs - device.sinceMs, language)}</span>
        </>
      ),
    },
    {
      key: 'faults',
      title: t('console.device.faults'),
      isWide: true,
      render: (device) => <DeviceFaults faults={device.faults} />,
    },
    {
      key: 'identity',
      title: t('console.device.identity'),
      isWide: true,
      render: ({ identity }) => (
        <>
          {identity.model ?? t('console.notSaid')}
          {identity.serialNumber !== undefined && <span className={styles['small']}>{identity.serialNumber}</span>}
        </>
      ),
    },
  ];
  return (
    <div className={styles['section']}>
      <HallPlan devices={view.devices} orientation={orientation} onOpen={open} />
      <div className={styles['lists']}>
        <Panel title={t('console.devices.title')} isFilling>
          <Table
            label={t('console.devices.title')}
            columns={columns}
            rows={view.devices}
            keyOf={(device) => device.id}
            empty={t('console.devices.none')}
            onOpen={(device) => open(device.id)}
          />
        </Panel>
        {staff.role === 'technician' && <PortsPanel />}
      </div>
    </div>
  );
};
