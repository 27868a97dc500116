// An open console: the live view, the sections, the clock of the sign-in. Both roles see the same; acts appear by role.

import { useCallback, useEffect, useMemo, useState } from 'react';
import type { SignedIn } from '../../main/contract/console.ts';
import type { HostClient } from '../connection.ts';
import { ErrorBoundary } from '../ui/components/error-boundary.tsx';
import { Button } from '../ui/components/button.tsx';
import { Notice } from '../ui/components/notice.tsx';
import { Spinner } from '../ui/components/progress.tsx';
import { useNow } from '../ui/components/use-now.ts';
import { ConsoleContext, type OpenConsole } from '../ui/console/console-context.ts';
import { ask, type CallFailure } from '../ui/console/failures.ts';
import { Frame } from '../ui/console/frame.tsx';
import { needsOf, type Section } from '../ui/console/needs.ts';
import { useConsoleView } from '../ui/console/use-console-view.ts';
import { useT } from '../ui/i18n/i18n.ts';
import { DeviceDetail } from '../technician/device-detail.tsx';
import { DevicesSection } from '../technician/devices-section.tsx';
import { AuditSection } from './audit-section.tsx';
import styles from './console.module.css';
import { ExpiryDialog } from './expiry-dialog.tsx';
import { LockersSection } from './lockers-section.tsx';
import { SyncSection } from './sync-section.tsx';
import { TodaySection } from './today-section.tsx';

export const warnsBeforeMs = 30_000;

type Place = { section: Section; deviceId?: string };

export type ConsoleProps = {
  client: HostClient;
  staff: SignedIn;
  frame: Element | null;
  /** Where it opens; the devices, if absent. */
  start?: Place;
  isDark: boolean;
  onDark: (isDark: boolean) => void;
  onLanguage: () => void;
  /** Signed in again: a later end. */
  onStaff: (staff: SignedIn) => void;
  onSignOut: () => void;
  onLost: (failure: CallFailure) => void;
};

const Broken = ({ restart }: { restart: () => void }) => {
  const t = useT();
  return (
    <Notice tone="problem" action={<Button onPress={restart}>{t('console.again')}</Button>}>
      {t('console.broken')}
    </Notice>
  );
};

const broken = (restart: () => void) => <Broken restart={restart} />;

export const Console = (props: ConsoleProps) => {
  const { client, staff, frame, onSignOut, onLost } = props;
  const t = useT();
  const nowMs = useNow();
  const view = useConsoleView(client, onLost);
  const [place, setPlace] = useState<Place>(props.start ?? { section: 'devices' });
  const [isAuditIntact, setAuditIntact] = useState(true);
  const leftMs = staff.expiresAtMs - nowMs;

  useEffect(() => {
    if (leftMs <= 0) onSignOut();
  }, [leftMs, onSignOut]);

  // The chain is read once at the beginning, and whenever somebody looks at the log.
  useEffect(() => {
    void ask(() => client.staff.audit({ limit: 1 })).then((answer) => {
      if (answer.ok) setAuditIntact(answer.value.chainIntact);
    });
  }, [client]);

  const goTo = useCallback((section: Section, deviceId?: string): void => {
    setPlace(deviceId === undefined ? { section } : { section, deviceId });
  }, []);
  const open = useMemo<OpenConsole | undefined>(
    () => (view === undefined ? undefined : { client, view, staff, nowMs, goTo, noteAudit: setAuditIntact, frame }),
    [client, view, staff, nowMs, goTo, frame],
  );
  if (open === undefined)
    return (
      <div className={styles['waiting']}>
        <Spinner label={t('console.opening')} />
      </div>
    );

  const device = open.view.devices.find(({ id }) => id === place.deviceId);
  const contentOf = (section: Section) => {
    switch (section) {
      case 'devices':
        return device === undefined ? <DevicesSection /> : <DeviceDetail key={device.id} device={device} />;
      case 'lockers':
        return <LockersSection />;
      case 'sync':
        return <SyncSection />;
      case 'audit':
        return <AuditSection />;
      case 'today':
        return <TodaySection />;
      default:
        return section satisfies never;
    }
  };
  return (
    <ConsoleContext value={open}>
      <Frame
        section={place.section}
        needs={needsOf(open.view, { nowMs, role: staff.role, isAuditIntact })}
        isDark={props.isDark}
        onDark={props.onDark}
        onLanguage={props.onLanguage}
        onSignOut={onSignOut}
      >
        <ErrorBoundary resetKey={`${place.section} ${place.deviceId ?? ''}`} fallback={broken}>
          {contentOf(place.section)}
        </ErrorBoundary>
      </Frame>
      {leftMs <= warnsBeforeMs && leftMs > 0 && <ExpiryDialog onStay={props.onStaff} onSignOut={onSignOut} />}
    </ConsoleContext>
  );
};
