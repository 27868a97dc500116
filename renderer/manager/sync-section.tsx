// What goes to the centre: whether it goes, what waits, and what the centre refused for good.

import { Cloud, CloudOff, RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { ConsoleOutbox } from '../../main/contract/console.ts';
import { Button } from '../ui/components/button.tsx';
import { useConsole } from '../ui/console/console-context.ts';
import { ask } from '../ui/console/failures.ts';
import { Pairs } from '../ui/console/pairs.tsx';
import { Panel } from '../ui/console/panel.tsx';
import { deadReason } from './dead-reason.ts';
import { ReasonDialog } from '../ui/console/reason-dialog.tsx';
import { Badge } from '../ui/console/state-badge.tsx';
import { Table, type Column } from '../ui/console/table.tsx';
import { formatBytes, formatInstant, formatSpan } from '../ui/console/times.ts';
import { useLanguage, useT } from '../ui/i18n/i18n.ts';
import { BundlesPanel } from './bundles-panel.tsx';

type DeadLetter = ConsoleOutbox['dead'][number];

export const SyncSection = () => {
  const t = useT();
  const language = useLanguage();
  const { client, view, staff, nowMs } = useConsole();
  const [retrying, setRetrying] = useState<DeadLetter>();
  const { outbox } = view;
  const never = t('console.sync.never');
  const moment = (atMs: number | undefined): string =>
    atMs === undefined ? never : `${formatInstant(atMs)} · ${formatSpan(Math.abs(nowMs - atMs), language)}`;
  const columns: Column<DeadLetter>[] = [
    { key: 'seq', title: t('console.sync.seq'), render: ({ seq }) => seq },
    { key: 'kind', title: t('console.sync.kind'), render: ({ kind }) => kind },
    { key: 'at', title: t('console.sync.at'), render: ({ atMs }) => formatInstant(atMs) },
    { key: 'reason', title: t('console.sync.reason'), isWide: true, render: ({ reason }) => deadReason(reason, t) },
    ...(staff.role === 'manager'
      ? [
          {
            key: 'retry',
            title: '',
            look: 'act' as const,
            render: (letter: DeadLetter) => (
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
        title={t('console.sync.title')}
        actions={
          outbox.isOnline ? (
            <Badge tone="ok" icon={<Cloud aria-hidden="true" />}>
              {t('console.sync.online')}
            </Badge>
          ) : (
            <Badge tone="problem" icon={<CloudOff aria-hidden="true" />}>
              {t('console.sync.offline')}
            </Badge>
          )
        }
      >
        <Pairs
          pairs={[
            { label: t('console.sync.depth'), value: outbox.depth },
            { label: t('console.sync.oldest'), value: outbox.depth === 0 ? never : moment(outbox.oldestMs) },
            { label: t('console.sync.lastSent'), value: moment(outbox.lastSentMs) },
            { label: t('console.sync.nextTry'), value: moment(outbox.nextTryMs) },
            { label: t('console.sync.circuit'), value: t(`console.circuit.${outbox.circuit}`) },
            {
              label: t('console.sync.uploads'),
              value: `${outbox.uploads.pending} · ${formatBytes(outbox.uploads.bytes)}`,
            },
            ...(outbox.blocked
              ? [
                  {
                    label: t('console.sync.blocked'),
                    value: `${t(`console.blocked.${outbox.blocked.why}`, { count: outbox.blocked.events })} · ${moment(outbox.blocked.sinceMs)}`,
                  },
                ]
              : []),
          ]}
        />
      </Panel>
      <BundlesPanel />
      <Panel title={t('console.sync.dead')} isFilling>
        <Table
          label={t('console.sync.dead')}
          columns={columns}
          rows={outbox.dead}
          keyOf={({ seq }) => seq}
          empty={t('console.sync.noDead')}
        />
        {staff.role !== 'manager' && outbox.dead.length > 0 && <p>{t('console.sync.managerOnly')}</p>}
      </Panel>
      {retrying !== undefined && (
        <ReasonDialog
          title={t('console.sync.retryTitle', { seq: retrying.seq })}
          consequences={[t('console.sync.willRetry', { kind: retrying.kind }), t('console.sync.mayFail')]}
          confirmLabel={t('console.sync.retry')}
          reasons={['console.reason.centreFixed', 'console.reason.centreAsked', 'console.reason.test']}
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
