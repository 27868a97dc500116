// The frame of a console: who is signed in where, what needs a person, the sections, and what was chosen.
//
//   hall · version · clock                     中文/EN  light/dark  sign out
//   what needs a person now
//   sections │ content        (landscape: a rail on the left; portrait: a strip above)

import { Cloud, Languages, LayoutDashboard, LogOut, Moon, ScrollText, SquareStack, Sun, Usb } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../components/button.tsx';
import { useLanguage, useT, useText } from '../i18n/i18n.ts';
import { useConsole } from './console-context.ts';
import styles from './frame.module.css';
import { sections, type Need, type Section } from './needs.ts';
import { NeedsStrip } from './needs-strip.tsx';
import { formatInstant, formatSpan } from './times.ts';

const icons: Record<Section, ReactNode> = {
  devices: <Usb aria-hidden="true" />,
  lockers: <SquareStack aria-hidden="true" />,
  sync: <Cloud aria-hidden="true" />,
  audit: <ScrollText aria-hidden="true" />,
  today: <LayoutDashboard aria-hidden="true" />,
};

export type FrameProps = {
  section: Section;
  needs: readonly Need[];
  isDark: boolean;
  onDark: (isDark: boolean) => void;
  onLanguage: () => void;
  onSignOut: () => void;
  children: ReactNode;
};

export const Frame = ({ section, needs, isDark, onDark, onLanguage, onSignOut, children }: FrameProps) => {
  const t = useT();
  const text = useText();
  const language = useLanguage();
  const { view, staff, nowMs, goTo } = useConsole();
  const countOf = (name: Section): number => needs.filter((need) => need.section === name).length;
  return (
    <div className={styles['frame']}>
      <header className={styles['header']}>
        <div className={styles['who']}>
          <p className={styles['hall']}>{text(view.hall)}</p>
          <p className={styles['account']}>
            <span>
              {t(`console.role.${staff.role}`)} · {staff.name}
            </span>
            <time>{formatInstant(nowMs)}</time>
            <span>{t('console.signedOutIn', { span: formatSpan(staff.expiresAtMs - nowMs, language) })}</span>
          </p>
        </div>
        <div className={styles['controls']}>
          <Button kind="quiet" icon={<Languages aria-hidden="true" />} onPress={onLanguage}>
            {t('console.language')}
          </Button>
          <Button
            kind="quiet"
            icon={isDark ? <Sun aria-hidden="true" /> : <Moon aria-hidden="true" />}
            onPress={() => onDark(!isDark)}
          >
            {t(isDark ? 'console.light' : 'console.dark')}
          </Button>
          <Button icon={<LogOut aria-hidden="true" />} onPress={onSignOut}>
            {t('console.signOut')}
          </Button>
        </div>
      </header>
      <NeedsStrip needs={needs} />
      <div className={styles['body']}>
        <nav className={styles['sections']} aria-label={t('console.sections')}>
          {sections.map((name) => {
            const count = countOf(name);
            return (
              <button
                key={name}
                type="button"
                className={styles['section']}
                aria-current={name === section ? 'page' : undefined}
                onClick={() => goTo(name)}
              >
                {icons[name]}
                <span>{t(`console.section.${name}`)}</span>
                {count > 0 && (
                  <span className={styles['count']} aria-label={t('console.need.count', { count })}>
                    {count}
                  </span>
                )}
              </button>
            );
          })}
        </nav>
        <main className={styles['content']}>{children}</main>
      </div>
    </div>
  );
};
