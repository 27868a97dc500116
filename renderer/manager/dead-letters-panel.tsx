// What the centre refused for good and what is damaged on this disk: what it is, whose, since when, why, and who acts.

import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { ConsoleDeadLetter } from '../../main/contract/console.ts';
import type { EventKind } from '../../main/contract/intake.ts';
import { Button } from '../ui/components/button.tsx';
import { useConsole } from '../ui/console/console-context.ts';
import { ask } from '../ui/console/failures.ts';
import { Panel } from '../ui/console/panel.tsx';
import { ReasonDialog } from '../ui/console/reason-dialog.tsx';
import { Table, type Column } from '../ui/console/table.tsx';
import { formatInstant, formatSpan } from '../ui/console/times.ts';
import { useLanguage, useT, type Key } from '../ui/i18n/i18n.ts';
import { deadReason } from './dead-reason.ts';
import styles from './dead-letters-panel.module.css';

/** Quarantined rows may be of a kind that this version does not know. */
const kinds: Readonly<Record<EventKind, Key>> = {
  'case.submitted': 'console.event.case',
  'case.materialAdded': 'console.event.material',
  'case.signed': 'console.event.signature',
  'payment.settled': 'console.event.payment',
  'rating.given': 'console.event.rating',
  'queue.ticketTaken': 'console.event.ticket',
  'locker.deposited': 'console.event.deposit',
  'locker.opened': 'console.event.opened',
  'help.called': 'console.event.help',
  'consultation.filed': 'console.event.consultation',
  'device.stateChanged': 'console.event.device',
  'inspection.done': 'console.event.inspection',
  'audit.headNoted': 'console.event.audit',
  'incident.reported': 'console.event.incident',
  'token.spent': 'console.event.token',
  'bundle.refused': 'console.event.bundle',
};
const isKnown = (kind: string): kind is EventKind => Object.hasOwn(kinds, kind);

const reasons = ['console.reason.centreFixed', 'console.reason.centreAsked', 'console.reason.test'] as const;

export const DeadLettersPanel = () => {
  const t = useT();
  const language = useLanguage();
  const { client, view, staff, nowMs } = useConsole();
  const [retrying, setRetrying] = useState<ConsoleDeadLetter | 'all'>();
  const { dead } = view.outbox;
  const isManager = staff.role === 'manager';
  const count = dead.filter(({ isDamaged }) => !isDamaged).length;
  const kindOf = ({ kind }: ConsoleDeadLetter): string => (isKnown(kind) ? t(kinds[kind]) : kind);
  const columns: Column<ConsoleDeadLetter>[] = [
    { key: 'seq', title: t('console.sync.seq'), render: ({ seq }) => seq },
    {
      key: 'kind',
      title: t('console.sync.kind'),
      render: (letter) => (
        <>
          {kindOf(letter)}
          {letter.receipt !== undefined && <span className={styles['second']}>{letter.receipt}</span>}
        </>
      ),
    },
    {
      key: 'at',
      title: t('console.sync.at'),
      render: ({ atMs }) => (
        <>
          {formatInstant(atMs)}
          <span className={styles['second']}>
            {t('console.dead.kept', { span: formatSpan(nowMs - atMs, language) })}
          </span>
        </>
      ),
    },
    {
      key: 'reason',
      title: t('console.sync.reason'),
      isWide: true,
      render: ({ reason, isDamaged }) => (
        <>
          {isDamaged ? `${t('console.dead.damaged')} (${reason})` : deadReason(reason, t)}
          <span className={styles['second']}>{t(isDamaged ? 'console.dead.engineer' : 'console.dead.hall')}</span>
        </>
      ),
    },
    ...(isManager
      ? [
          {
            key: 'retry',
            title: '',
            look: 'act' as const,
            render: (letter: ConsoleDeadLetter) =>
              letter.isDamaged ? null : (
                <Button icon={<RotateCw aria-hidden="true" />} onPress={() => setRetrying(letter)}>
                  {t('console.sync.retry')}
                </Button>
              ),
          },
        ]
      : []),
  ];
  return (
    <>
      <Panel
        title={t('console.sync.dead')}
        actions={
          isManager && count > 1 ? (
            <Button icon={<RotateCw aria-hidden="true" />} onPress={() => setRetrying('all')}>
              {t('console.dead.retryAll')}
            </Button>
          ) : undefined
        }
      >
        <Table
          label={t('console.sync.dead')}
          columns={columns}
          rows={dead}
          keyOf={({ seq }) => seq}
          empty={t('console.sync.noDead')}
        />
        {!isManager && count > 0 && <p>{t('console.sync.managerOnly')}</p>}
      </Panel>
      {retrying === 'all' && (
        <ReasonDialog
          title={t('console.dead.retryAllTitle', { count })}
          consequences={[
            t('console.dead.willRetryAll', { count }),
            ...(count < dead.length ? [t('console.dead.keepsDamaged')] : []),
            t('console.sync.mayFail'),
          ]}
          confirmLabel={t('console.dead.retryAll')}
          reasons={reasons}
          onConfirm={async (reason) => {
            const done = await ask(() => client.manager.retryDeadLetters({ reason }));
            return done.ok ? undefined : done.failure;
          }}
          onClose={() => setRetrying(undefined)}
        />
      )}
      {retrying !== undefined && retrying !== 'all' && (
        <ReasonDialog
          title={t('console.sync.retryTitle', { seq: retrying.seq })}
          consequences={[t('console.sync.willRetry', { kind: kindOf(retrying) }), t('console.sync.mayFail')]}
          confirmLabel={t('console.sync.retry')}
          reasons={reasons}
          onConfirm={async (reason) => {
            const done = await ask(() => client.manager.retryDeadLetter({ seq: retrying.seq, reason }));
            return done.ok ? undefined : done.failure;
          }}
          onClose={() => setRetrying(undefined)}
        />
      )}
    </>
  );
};
