// What goes to the centre: whether it goes, why not, what waits, and what the centre refused for good.

import { Cloud, CloudOff, Send } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button } from '../ui/components/button.tsx';
import { Notice } from '../ui/components/notice.tsx';
import { useConsole } from '../ui/console/console-context.ts';
import { FailureNote } from '../ui/console/failure-note.tsx';
import { ask, type CallFailure } from '../ui/console/failures.ts';
import { Pairs } from '../ui/console/pairs.tsx';
import { Panel } from '../ui/console/panel.tsx';
import { Badge } from '../ui/console/state-badge.tsx';
import { formatBytes, formatInstant, formatSpan } from '../ui/console/times.ts';
import { useLanguage, useT, useText } from '../ui/i18n/i18n.ts';
import { BundlesPanel } from './bundles-panel.tsx';
import { DeadLettersPanel } from './dead-letters-panel.tsx';
import { QuarantineNotice } from './quarantine-notice.tsx';
import styles from './sync-section.module.css';
import { UploadsPanel } from './uploads-panel.tsx';

const dayMs = 24 * 60 * 60_000;

export const SyncSection = () => (
  <>
    <LinePanel />
    <UploadsPanel />
    <DeadLettersPanel />
    <BundlesPanel />
  </>
);

const LinePanel = () => {
  const t = useT();
  const text = useText();
  const language = useLanguage();
  const { client, view, nowMs } = useConsole();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<CallFailure>();
  const { outbox } = view;
  const { blocked, certificate, lastFailure } = outbox;
  const never = t('console.sync.never');
  const span = (ms: number): string => formatSpan(ms, language);
  const since = (atMs: number): string =>
    `${formatInstant(atMs)} · ${t('console.sync.ago', { span: span(nowMs - atMs) })}`;
  /** The moment and how long ago, which a narrow column parts between the two and nowhere else. */
  const parts = (atMs: number | undefined): ReactNode =>
    atMs === undefined ? (
      never
    ) : (
      <>
        <span className={styles['part']}>{formatInstant(atMs)}</span>{' '}
        <span className={styles['part']}>{t('console.sync.ago', { span: span(nowMs - atMs) })}</span>
      </>
    );
  const nextTry = (atMs: number | undefined): string => {
    if (atMs === undefined) return never;
    return atMs <= nowMs ? t('console.sync.now') : t('console.sync.inTime', { span: span(atMs - nowMs) });
  };
  const certificateLeft = (expiresAtMs: number): ReactNode => {
    const [date = ''] = formatInstant(expiresAtMs).split(' ');
    if (expiresAtMs <= nowMs)
      return <span className={styles['part']}>{t('console.sync.certificateOver', { date })}</span>;
    const days = Math.floor((expiresAtMs - nowMs) / dayMs);
    return (
      <>
        <span className={styles['part']}>{t('console.sync.certificateDays', { days })}</span>{' '}
        <span className={styles['part']}>{t('console.sync.certificateUntil', { date })}</span>
      </>
    );
  };
  const sendNow = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    const done = await ask(() => client.staff.sendNow());
    setBusy(false);
    if (!done.ok) setFailure(done.failure);
  };
  return (
    <Panel
      title={t('console.sync.title')}
      actions={
        <>
          {outbox.isOnline ? (
            <Badge tone="ok" icon={<Cloud aria-hidden="true" />}>
              {t('console.sync.online')}
            </Badge>
          ) : (
            <Badge tone="problem" icon={<CloudOff aria-hidden="true" />}>
              {t('console.sync.offline')}
            </Badge>
          )}
          <Button icon={<Send aria-hidden="true" />} isBusy={isBusy} onPress={() => void sendNow()}>
            {t('console.sync.sendNow')}
          </Button>
        </>
      }
    >
      {failure !== undefined && <FailureNote failure={failure} />}
      {blocked?.why === 'quarantined' && <QuarantineNotice events={blocked.events} />}
      {blocked?.why === 'stuck' && (
        <Notice tone="attention" title={t('console.sync.stuckTitle')}>
          <p>{`${t('console.blocked.stuck', { count: blocked.events })} · ${since(blocked.sinceMs)}`}</p>
        </Notice>
      )}
      {lastFailure !== undefined && lastFailure.code !== 'quarantined' && (
        <Notice tone={lastFailure.who === 'system' ? 'attention' : 'problem'} title={text(lastFailure.what)}>
          <p>{text(lastFailure.todo)}</p>
          <p>
            {t('console.sync.lastFailure', {
              when: since(lastFailure.atMs),
              code: lastFailure.code,
              message: lastFailure.message,
            })}
          </p>
        </Notice>
      )}
      <Pairs
        pairs={[
          { label: t('console.sync.depth'), value: outbox.depth },
          { label: t('console.sync.oldest'), value: outbox.depth === 0 ? never : parts(outbox.oldestMs) },
          ...(outbox.isOnline || outbox.offlineSinceMs === undefined
            ? []
            : [{ label: t('console.sync.offlineSince'), value: parts(outbox.offlineSinceMs) }]),
          { label: t('console.sync.lastSent'), value: parts(outbox.lastSentMs) },
          { label: t('console.sync.circuit'), value: t(`console.circuit.${outbox.circuit}`) },
          { label: t('console.sync.nextTry'), value: nextTry(outbox.nextTryMs) },
          {
            label: t('console.sync.uploads'),
            value:
              outbox.uploads.pending === 0 ? never : `${outbox.uploads.pending} · ${formatBytes(outbox.uploads.bytes)}`,
          },
          ...(certificate
            ? [
                {
                  label: t('console.sync.certificate'),
                  value: certificateLeft(certificate.expiresAtMs),
                },
              ]
            : []),
        ]}
      />
    </Panel>
  );
};
