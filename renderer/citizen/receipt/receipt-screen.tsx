// The receipt: the number, how far it got, what happens next, and the paper as it comes out of the printer.
// Before it: submit. After it: the locker or the rating. The number is valid from here on, with or without paper or network.

import { ArrowRight, CloudUpload, HardDriveDownload, ShieldCheck } from 'lucide-react';
import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { useHost } from '../../connection.ts';
import { Page } from '../../ui/components/page.tsx';
import { PrintStatus } from '../../ui/components/print-status.tsx';
import { Qr } from '../../ui/components/qr.tsx';
import { ReceiptPaper } from '../../ui/components/receipt-paper.tsx';
import { formatCode, formatMoment } from '../../ui/format.ts';
import { useLanguage, useT, useText } from '../../ui/i18n/i18n.ts';
import type { ScreenProps } from '../screen-props.ts';
import styles from './receipt-screen.module.css';

const stateIcons = { savedHere: HardDriveDownload, sending: CloudUpload, received: ShieldCheck } as const;

export const ReceiptScreen = ({ screen, view }: ScreenProps<'receipt'>) => {
  const host = useHost();
  const t = useT();
  const text = useText();
  const language = useLanguage();
  // Large type on a low glass: what is on every other screen too makes room.
  const isLow = view.mode === 'elder' && view.panel.orientation === 'landscape';
  const StateIcon = stateIcons[screen.state];
  return (
    <Page
      view={view}
      title={t('receipt.title')}
      lead={
        isLow ? undefined : `${text(screen.itemName)} · ${formatMoment(screen.submittedAtMs, view.nowMs, language)}`
      }
      back="none"
      primary={{
        label: t('action.next'),
        icon: <ArrowRight aria-hidden="true" />,
        onPress: () => void host.send({ type: 'next' }),
      }}
    >
      <Fitted key={`${view.mode} ${view.language} ${view.panel.orientation} ${screen.state} ${screen.print.phase}`}>
        <section className={styles['number']} aria-label={t('receipt.number')}>
          <p className={styles['label']}>{t('receipt.number')}</p>
          <p className={styles['huge']} style={{ ['--characters' as string]: formatCode(screen.number).length }}>
            {formatCode(screen.number)}
          </p>
          <div className={styles['how']}>
            <p className={styles['state']} data-state={screen.state} role="status">
              <StateIcon aria-hidden="true" />
              <span>
                {t(`receipt.${screen.state}`)}
                {screen.centralNumber !== undefined && (
                  <span className={styles['central']}>{t('receipt.central', { number: screen.centralNumber })}</span>
                )}
              </span>
            </p>
            <Qr text={screen.qr} label={t('receipt.qr')} sizeMm={48} />
          </div>
        </section>
        <section className={styles['next']} data-must-fit aria-label={t('receipt.next')}>
          <h2>{t('receipt.next')}</h2>
          <ol>
            {screen.nextSteps.map((step, index) => (
              <li key={step.zh}>
                <span className={styles['index']} aria-hidden="true">
                  {index + 1}
                </span>
                {text(step)}
              </li>
            ))}
          </ol>
          <p className={styles['ask']}>{text(screen.askAt)}</p>
        </section>
        <div className={styles['paper']}>
          <ReceiptPaper lines={screen.print.preview} />
        </div>
        <div className={styles['print']}>
          <PrintStatus print={screen.print} />
        </div>
      </Fitted>
    </Page>
  );
};

/** 0: all · 1: without the picture of the paper, which comes out below anyway · 2: what happens next in smaller type. */
type Squeeze = 0 | 1 | 2;
const tighter = { 0: 1, 1: 2, 2: 2 } as const;

/** Nothing scrolls: as long as the next steps do not fit, the layout gives way by one step, before it is painted. */
const Fitted = ({ children }: { children: ReactNode }) => {
  const root = useRef<HTMLDivElement>(null);
  const [squeeze, setSqueeze] = useState<Squeeze>(0);
  useLayoutEffect(() => {
    const element = root.current;
    const part = element?.querySelector('[data-must-fit]');
    if (!element || !part) return undefined;
    const fit = (): void => {
      if (part.scrollHeight > part.clientHeight + 2) setSqueeze((now) => tighter[now]);
    };
    fit();
    const observer = new ResizeObserver(fit);
    observer.observe(element);
    return () => observer.disconnect();
  });
  return (
    <div className={styles['receipt']} data-squeeze={squeeze} ref={root}>
      {children}
    </div>
  );
};
