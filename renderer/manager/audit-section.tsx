// Who did what, newest first, and whether the log is still whole.

import { ChevronLeft, ChevronRight, CircleCheck, CircleX, RefreshCw, ShieldCheck, ShieldX } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { AuditLine } from '../../main/contract/console.ts';
import { Button } from '../ui/components/button.tsx';
import { useConsole } from '../ui/console/console-context.ts';
import { FailureNote } from '../ui/console/failure-note.tsx';
import { ask, type CallFailure } from '../ui/console/failures.ts';
import { Panel } from '../ui/console/panel.tsx';
import { Badge } from '../ui/console/state-badge.tsx';
import { Table, type Column } from '../ui/console/table.tsx';
import { formatInstant } from '../ui/console/times.ts';
import { useT, type Key } from '../ui/i18n/i18n.ts';

const linesPerPage = 40;

const actWords: Readonly<Record<string, Key>> = {
  signIn: 'console.act.signIn',
  signOut: 'console.act.signOut',
  check: 'console.act.check',
  openCell: 'console.act.openCell',
  releaseCell: 'console.act.releaseCell',
  assignPort: 'console.act.assignPort',
  restartDevice: 'console.act.restartDevice',
  retryDeadLetter: 'console.act.retryDeadLetter',
  retryDeadLetters: 'console.act.retryDeadLetters',
  renewInstall: 'console.act.renewInstall',
  sendNow: 'console.act.sendNow',
};

type Page = { lines: AuditLine[]; chainIntact: boolean };

export const AuditSection = () => {
  const t = useT();
  const { client, noteAudit } = useConsole();
  /** Where each page before this one began; empty on the newest. */
  const [starts, setStarts] = useState<readonly number[]>([]);
  const [page, setPage] = useState<Page>();
  const [failure, setFailure] = useState<CallFailure>();
  const [reads, setReads] = useState(0);

  const beforeSeq = starts.at(-1);

  useEffect(() => {
    let isGone = false;
    const from = beforeSeq === undefined ? {} : { beforeSeq };
    void ask(() => client.staff.audit({ limit: linesPerPage, ...from })).then((answer) => {
      // A later wish is under way.
      if (isGone) return;
      setFailure(answer.ok ? undefined : answer.failure);
      if (!answer.ok) return;
      setPage(answer.value);
      noteAudit(answer.value.chainIntact);
    });
    return () => {
      isGone = true;
    };
    // oxlint-disable-next-line react/exhaustive-deps -- `reads` asks for the same page again
  }, [client, beforeSeq, noteAudit, reads]);

  const lines = page?.lines ?? [];
  const last = lines.at(-1);
  const hasOlder = lines.length === linesPerPage && last !== undefined && last.seq > 1;
  const columns: Column<AuditLine>[] = [
    { key: 'seq', title: t('console.audit.seq'), render: ({ seq }) => seq },
    { key: 'at', title: t('console.audit.at'), render: ({ atMs }) => formatInstant(atMs) },
    { key: 'who', title: t('console.audit.who'), render: ({ who }) => who },
    { key: 'role', title: t('console.audit.role'), render: ({ role }) => t(`console.role.${role}`) },
    {
      key: 'act',
      title: t('console.audit.act'),
      render: ({ act, ok }) => {
        const words = actWords[act];
        const icon = ok ? <CircleCheck aria-hidden="true" /> : <CircleX aria-hidden="true" />;
        return (
          <Badge tone={ok ? 'ok' : 'problem'} icon={icon}>
            {words === undefined ? act : t(words)}
            <span className="visually-hidden"> {t(ok ? 'console.audit.done' : 'console.audit.refused')}</span>
          </Badge>
        );
      },
    },
    { key: 'detail', title: t('console.audit.detail'), isWide: true, render: ({ detail }) => detail },
  ];
  return (
    <Panel
      title={t('console.audit.title')}
      isFilling
      actions={
        <>
          {page?.chainIntact === true && (
            <Badge tone="ok" icon={<ShieldCheck aria-hidden="true" />}>
              {t('console.audit.intact')}
            </Badge>
          )}
          {page?.chainIntact === false && (
            <Badge tone="problem" icon={<ShieldX aria-hidden="true" />}>
              {t('console.audit.broken')}
            </Badge>
          )}
          <Button
            icon={<ChevronLeft aria-hidden="true" />}
            isDisabled={starts.length === 0}
            onPress={() => setStarts(starts.slice(0, -1))}
          >
            {t('console.audit.newer')}
          </Button>
          <Button
            iconEnd={<ChevronRight aria-hidden="true" />}
            isDisabled={!hasOlder}
            onPress={() => {
              if (last !== undefined) setStarts([...starts, last.seq]);
            }}
          >
            {t('console.audit.older')}
          </Button>
          <Button
            icon={<RefreshCw aria-hidden="true" />}
            label={t('console.audit.refresh')}
            onPress={() => setReads(reads + 1)}
          />
        </>
      }
    >
      {failure !== undefined && <FailureNote failure={failure} />}
      <Table
        label={t('console.audit.title')}
        columns={columns}
        rows={lines}
        keyOf={({ seq }) => seq}
        empty={t(page === undefined ? 'console.opening' : 'console.audit.none')}
      />
    </Panel>
  );
};
