// The citizen's side of the page: the screen that the host shows, and over it what can come at any time: "one moment" without a host,
// "are you still here?", a toast, the door for staff, and in training the dock.

import { useCallback, useEffect, useMemo, useRef, useState, type ComponentType } from 'react';
import { beginAfresh } from '../begin-afresh.ts';
import { useConnected, useHost, useView } from '../connection.ts';
import { Button } from '../ui/components/button.tsx';
import { ErrorBoundary } from '../ui/components/error-boundary.tsx';
import { IdleWarning } from '../ui/components/idle-warning.tsx';
import { StaffGestureContext } from '../ui/components/staff-taps.ts';
import { Toast } from '../ui/components/toast.tsx';
import { LanguageContext, useT } from '../ui/i18n/i18n.ts';
import { usePanel, type Theme } from '../ui/theme/panel.ts';
import { DockDrawer } from './dock-drawer.tsx';
import { OneMoment } from './one-moment.tsx';
import { CurrentScreen } from './screens.tsx';
import { ThemeContext } from './theme.ts';
import { usePresence } from './presence.ts';

/** The staff consoles are a part that a build may leave out. */
const staffDoors = import.meta.glob<{ StaffDoor: ComponentType<{ onClose: () => void }> }>('../manager/staff-door.tsx');
const loadStaffDoor = Object.values(staffDoors)[0];

export type AppProps = {
  /** What five taps on the hall's name do; by default they open the door for staff over the screen. */
  onStaffGesture?: () => void;
  /** The gallery shows screens in the dark theme, too. */
  initialTheme?: Theme;
};

const Broken = ({ restart }: { restart: () => void }) => {
  const t = useT();
  return (
    <>
      <h1>{t('app.broken')}</h1>
      <p>{t('app.brokenDetail')}</p>
      <Button kind="primary" size="primary" onPress={restart}>
        {t('app.restart')}
      </Button>
    </>
  );
};

const broken = (restart: () => void) => <Broken restart={restart} />;

export const App = ({ onStaffGesture, initialTheme = 'light' }: AppProps) => {
  const host = useHost();
  const view = useView();
  const [theme, setTheme] = useState<Theme>(initialTheme);
  const [StaffDoor, setStaffDoor] = useState<ComponentType<{ onClose: () => void }>>();
  const language = view?.language ?? 'zh';
  const isIdle = view?.screen.type === 'attract';

  const isConnected = useConnected();
  // For whoever watches the page from outside: whether what it shows is live.
  useEffect(() => {
    document.documentElement.dataset['connected'] = String(isConnected);
  }, [isConnected]);

  usePanel(view, theme);
  usePresence(host, view !== undefined && !isIdle);

  // A wiped visit takes the page with it: nothing of it may stay in memory. Staff who ended it finish their work first.
  const isDoorOpen = StaffDoor !== undefined;
  const visitKey = useRef<string>(undefined);
  useEffect(() => {
    if (view === undefined) return;
    if (isDoorOpen && visitKey.current !== undefined) return;
    if (visitKey.current !== undefined && visitKey.current !== '' && visitKey.current !== view.visitKey) beginAfresh();
    visitKey.current = view.visitKey;
  }, [view, isDoorOpen]);

  const openStaffDoor = useCallback(() => {
    if (onStaffGesture !== undefined) onStaffGesture();
    else if (loadStaffDoor !== undefined)
      loadStaffDoor().then(
        (door) => setStaffDoor(() => door.StaffDoor),
        (error: unknown) => console.error('the staff door did not load', error),
      );
  }, [onStaffGesture]);
  const themeValue = useMemo(() => ({ theme, setTheme }), [theme]);

  return (
    <LanguageContext value={language}>
      <ThemeContext value={themeValue}>
        <StaffGestureContext value={openStaffDoor}>
          <ErrorBoundary fallback={broken} resetKey={view?.screen.type ?? 'none'}>
            {view !== undefined && <CurrentScreen key={view.screen.type} view={view} />}
            {view?.toast !== undefined && <Toast toast={view.toast} />}
            {view?.idleWarning !== undefined && (
              <IdleWarning key={view.idleWarning.wipeAtMs} wipeAtMs={view.idleWarning.wipeAtMs} />
            )}
          </ErrorBoundary>
          {view?.dockUrl !== undefined && <DockDrawer url={view.dockUrl} />}
          <OneMoment isMissing={!isConnected} />
          {StaffDoor !== undefined && <StaffDoor onClose={() => setStaffDoor(undefined)} />}
        </StaffGestureContext>
      </ThemeContext>
    </LanguageContext>
  );
};
