// The consoles in the gallery: `?screen=console-devices`, `console-lockers` … `console-device` (one of them), `console-sign-in`.
// Acts answer as a host would that refuses them.

import { createORPCClient, ORPCError, type ClientContext, type ClientLink } from '@orpc/client';
import { useState } from 'react';
import type { ConsoleView, IdentifyEvent, SignedIn } from '../../main/contract/console.ts';
import type { View } from '../../main/contract/view.ts';
import { HostContext, type HostClient } from '../connection.ts';
import { Console } from '../manager/console.tsx';
import { SignIn } from '../manager/sign-in.tsx';
import { sections } from '../ui/console/needs.ts';
import tokens from '../ui/console/tokens.module.css';
import { LanguageContext } from '../ui/i18n/i18n.ts';
import { usePanel, type Theme } from '../ui/theme/panel.ts';
import { createFixtureHost } from './fixture-host.ts';
import { auditFixture, consoleFixture, traceFixture } from './fixtures-console.ts';

export const consoleNames = [
  'console-sign-in',
  'console-device',
  'console-sync-technician',
  ...sections.map((section) => `console-${section}`),
];

async function* staysOpen(signal: AbortSignal | undefined): AsyncGenerator<ConsoleView> {
  yield consoleFixture;
  await new Promise((resolve) => signal?.addEventListener('abort', resolve));
}

async function* identified(): AsyncGenerator<IdentifyEvent> {
  yield { type: 'progress', step: 1, of: 5 };
  const title = { zh: '小票打印机（ESC/POS）', en: 'Ticket printer (ESC/POS)' };
  const suggestion = { driver: 'escpos', kind: 'ticket-printer', title, link: '/dev/usb/lp0' } as const;
  yield {
    type: 'result',
    result: { outcome: 'recognised', confidence: 'answered', model: 'TM-T88V', suggestions: [suggestion] },
  };
}

const nothing = (): void => undefined;

const link: ClientLink<ClientContext> = {
  call: (path, _input, options) => {
    switch (path.join('.')) {
      case 'staff.view':
        return Promise.resolve(staysOpen(options.signal));
      case 'staff.audit':
        return Promise.resolve({ lines: auditFixture, chainIntact: true });
      case 'technician.identifyPort':
        return Promise.resolve(identified());
      case 'technician.trace':
        return Promise.resolve({ lines: traceFixture });
      default:
        return Promise.reject(
          new ORPCError('REFUSED', { data: { code: 'gallery', message: 'the gallery has no host' } }),
        );
    }
  },
};

export const ConsoleSheet = ({ name, view, theme }: { name: string; view: View; theme: Theme }) => {
  const [host] = useState(() => ({
    ...createFixtureHost({ ...view, nowMs: consoleFixture.nowMs }),
    client: createORPCClient<HostClient>(link),
  }));
  const [frame, setFrame] = useState<Element | null>(null);
  const [isDark, setDark] = useState(theme === 'contrast');
  const [language, setLanguage] = useState(view.language);
  usePanel(view, 'light');
  const staff: SignedIn = {
    account: 'wang.min',
    name: '王敏',
    role: name.startsWith('console-device') || name.endsWith('-technician') ? 'technician' : 'manager',
    expiresAtMs: consoleFixture.nowMs + 8 * 60_000,
  };
  const section =
    sections.find((one) => name === `console-${one}` || name === `console-${one}-technician`) ?? 'devices';
  return (
    <HostContext value={host}>
      <LanguageContext value={language}>
        <div className={tokens['console']} data-shade={isDark ? 'dark' : 'light'} ref={setFrame}>
          {name === 'console-sign-in' ? (
            <SignIn client={host.client} onSignedIn={nothing} onCancel={nothing} />
          ) : (
            <Console
              client={host.client}
              staff={staff}
              frame={frame}
              start={name === 'console-device' ? { section, deviceId: 'printer' } : { section }}
              isDark={isDark}
              onDark={setDark}
              onLanguage={() => setLanguage(language === 'zh' ? 'en' : 'zh')}
              onStaff={nothing}
              onSignOut={nothing}
              onLost={nothing}
            />
          )}
        </div>
      </LanguageContext>
    </HostContext>
  );
};
