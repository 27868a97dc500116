// The frame of every screen: who we are and the helps at the top, one question, the content, and at the bottom back on the left and
// the one thing to do next on the right, always in the same place. Nothing scrolls.

import { ArrowLeft, ArrowRight } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { View } from '../../../main/contract/view.ts';
import { useHost } from '../../connection.ts';
import { useT } from '../i18n/i18n.ts';
import { Button, type ButtonProps } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Header } from './header.tsx';
import styles from './page.module.css';
import { StepLine } from './step-line.tsx';

export type Action = {
  label: string;
  onPress: () => void;
  icon?: ReactNode;
  isDisabled?: boolean | undefined;
  isBusy?: boolean | undefined;
  kind?: ButtonProps['kind'];
};

export type PageProps = {
  view: View;
  title?: string | undefined;
  /** One sentence under the title. */
  lead?: ReactNode;
  /** Instead of the title, where it needs more than words; should hold the `h1`. */
  headline?: ReactNode;
  /** Without it 返回 sends `back`. */
  back?: Action | 'none' | undefined;
  primary?: Action | undefined;
  /** Between the two, e.g. a second way on. */
  more?: ReactNode;
  /** Nothing to end and no steps: welcome, goodbye, out of service. Back only if it is given. */
  isBare?: boolean | undefined;
  children?: ReactNode;
};

export const Page = ({ view, title, lead, headline, back, primary, more, isBare = false, children }: PageProps) => {
  const t = useT();
  const host = useHost();
  const [isEnding, setEnding] = useState(false);
  const goBack: Action | 'none' =
    back ?? (isBare ? 'none' : { label: t('action.back'), onPress: () => void host.send({ type: 'back' }) });
  const steps = !isBare && view.progress !== undefined ? <StepLine progress={view.progress} /> : undefined;
  const hasFooter = goBack !== 'none' || primary !== undefined || more !== undefined || !isBare;
  return (
    <div className={styles['page']}>
      <Header view={view} steps={steps} />
      {steps !== undefined && <div className={styles['steps']}>{steps}</div>}
      <main className={styles['main']}>
        {headline}
        {headline === undefined && title !== undefined && <h1 className={styles['title']}>{title}</h1>}
        {lead !== undefined && <p className={styles['lead']}>{lead}</p>}
        <div className={styles['content']}>{children}</div>
      </main>
      {hasFooter && (
        <footer className={styles['footer']}>
          {goBack !== 'none' && (
            <Button
              size="primary"
              kind={goBack.kind ?? 'secondary'}
              icon={goBack.icon ?? <ArrowLeft aria-hidden="true" />}
              isDisabled={goBack.isDisabled}
              isBusy={goBack.isBusy}
              onPress={goBack.onPress}
            >
              {goBack.label}
            </Button>
          )}
          {!isBare && (
            <Button size="primary" kind="quiet" onPress={() => setEnding(true)}>
              {t('action.end')}
            </Button>
          )}
          <div className={styles['more']}>{more}</div>
          {primary !== undefined && (
            <div className={styles['primary']}>
              <Button
                size="primary"
                kind={primary.kind ?? 'primary'}
                isWide
                iconEnd={primary.icon ?? <ArrowRight aria-hidden="true" />}
                isDisabled={primary.isDisabled}
                isBusy={primary.isBusy}
                onPress={primary.onPress}
              >
                {primary.label}
              </Button>
            </div>
          )}
        </footer>
      )}
      <Dialog
        isOpen={isEnding}
        title={t('end.title')}
        onClose={() => setEnding(false)}
        actions={
          <>
            <Button size="primary" kind="danger" onPress={() => void host.send({ type: 'leave' })}>
              {t('action.end')}
            </Button>
            <Button size="primary" kind="primary" onPress={() => setEnding(false)}>
              {t('end.keep')}
            </Button>
          </>
        }
      >
        <p>{t('end.detail')}</p>
      </Dialog>
    </div>
  );
};
