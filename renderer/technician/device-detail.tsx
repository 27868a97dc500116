// One device: what it is, how it is, what it did, what can be tried on it.

import { ArrowLeft } from 'lucide-react';
import type { ConsoleDevice } from '../../main/contract/console.ts';
import { Button } from '../ui/components/button.tsx';
import { Notice } from '../ui/components/notice.tsx';
import { useConsole } from '../ui/console/console-context.ts';
import { Pairs, type Pair } from '../ui/console/pairs.tsx';
import { Panel } from '../ui/console/panel.tsx';
import { StateBadge, toneOf } from '../ui/console/state-badge.tsx';
import { formatInstant, formatSpan } from '../ui/console/times.ts';
import { useLanguage, useT, useText } from '../ui/i18n/i18n.ts';
import { AssignPort } from './assign-port.tsx';
import { DeviceFaults } from './device-faults.tsx';
import styles from './device-detail.module.css';
import { figureOf, foldNumbered, kindWords, portOf } from './device-words.ts';
import { HealthChecks } from './health-checks.tsx';
import { RestartDevice } from './restart-device.tsx';
import { WireTrace } from './wire-trace.tsx';

export const DeviceDetail = ({ device }: { device: ConsoleDevice }) => {
  const t = useT();
  const text = useText();
  const language = useLanguage();
  const { goTo, staff, nowMs } = useConsole();
  const isTechnician = staff.role === 'technician';
  const { identity } = device;
  const port = portOf(device.link);
  const unknown = t('console.notSaid');
  const facts: Pair[] = [
    { label: t('console.device.model'), value: identity.model ?? unknown },
    { label: t('console.device.serialNumber'), value: identity.serialNumber ?? unknown },
    { label: t('console.device.firmware'), value: identity.firmware ?? unknown },
    { label: t('console.device.kind'), value: t(kindWords[device.kind]) },
    { label: t('console.device.driver'), value: device.driver },
    { label: t('console.device.place'), value: text(device.place.label) },
    {
      label: t('console.device.need'),
      value: t(device.required ? 'console.device.required' : 'console.device.spare'),
    },
    { label: t('console.device.link'), value: device.link, isLong: true },
    {
      label: t('console.device.capabilities'),
      value: identity.capabilities.length === 0 ? unknown : foldNumbered(identity.capabilities).join(', '),
      isLong: true,
    },
  ];
  const figures = Object.entries(device.statistics).map(([name, value]): Pair => {
    const { key, of } = figureOf(name);
    const label = key === undefined ? name : of === '' ? t(key) : `${t(key)} · ${of}`;
    return { label, value: value.toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB') };
  });
  return (
    <>
      <div className={styles['head']}>
        <Button icon={<ArrowLeft aria-hidden="true" />} onPress={() => goTo('devices')}>
          {t('console.devices.back')}
        </Button>
        <h2 className={styles['name']}>{text(device.name)}</h2>
        <StateBadge device={device} />
        <span className={styles['since']}>
          {formatInstant(device.sinceMs)} · {formatSpan(nowMs - device.sinceMs, language)}
        </span>
        {isTechnician && (
          <div className={styles['acts']}>
            {port !== undefined && <AssignPort device={device} port={port} />}
            <RestartDevice device={device} />
          </div>
        )}
      </div>
      {device.faults.length > 0 && (
        <Notice tone={toneOf(device) === 'problem' ? 'problem' : 'attention'} title={t('console.device.faults')}>
          <DeviceFaults faults={device.faults} />
        </Notice>
      )}
      <Panel title={t('console.device.identity')}>
        <Pairs pairs={facts} />
      </Panel>
      <HealthChecks device={device} />
      <Panel title={t('console.device.statistics')}>
        {figures.length === 0 ? <p>{t('console.device.noStatistics')}</p> : <Pairs pairs={figures} />}
      </Panel>
      {isTechnician ? (
        <WireTrace deviceId={device.id} />
      ) : (
        <p className={styles['note']}>{t('console.device.technicianOnly')}</p>
      )}
    </>
  );
};
