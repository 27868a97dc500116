// Scans on their way: how much of it all, how fast, how long yet, and what each of the next ones does.

import { ArrowUp, Clock, TriangleAlert } from 'lucide-react';
import type { ConsoleTransfer } from '../../main/contract/console.ts';
import { Progress } from '../ui/components/progress.tsx';
import { useConsole } from '../ui/console/console-context.ts';
import { Panel } from '../ui/console/panel.tsx';
import { Badge } from '../ui/console/state-badge.tsx';
import { Table, type Column } from '../ui/console/table.tsx';
import { formatBytes, formatSpan } from '../ui/console/times.ts';
import { useLanguage, useT, useText } from '../ui/i18n/i18n.ts';
import styles from './uploads-panel.module.css';

type Scan = ConsoleTransfer['scans'][number];

/** The next ones; the others wait as these do. */
const shownScans = 6;

const badges = {
  sending: { tone: 'ok', Icon: ArrowUp },
  waiting: { tone: 'quiet', Icon: Clock },
  failed: { tone: 'attention', Icon: TriangleAlert },
} as const;

const percentOf = (sent: number, total: number): number => (total === 0 ? 0 : Math.floor((sent * 100) / total));

export const UploadsPanel = () => {
  const t = useT();
  const text = useText();
  const language = useLanguage();
  const { view, nowMs } = useConsole();
  const { uploads, transfer } = view.outbox;
  if (uploads.pending === 0) return null;
  const { sentBytes, totalBytes, bytesPerSec, leftMs, capKbps } = transfer;
  const again = ({ attempts, nextTryMs }: Scan): string => {
    const restMs = (nextTryMs ?? 0) - nowMs;
    const when = restMs > 0 ? t('console.sync.inTime', { span: formatSpan(restMs, language) }) : t('console.sync.now');
    return t('console.uploads.again', { count: attempts ?? 1, when });
  };
  const columns: Column<Scan>[] = [
    { key: 'receipt', title: t('console.uploads.receipt'), render: ({ receipt, id }) => receipt ?? id },
    { key: 'size', title: t('console.uploads.size'), render: ({ bytes }) => formatBytes(bytes) },
    {
      key: 'sent',
      title: t('console.uploads.sent'),
      render: ({ bytes, sentBytes: sent }) => `${percentOf(sent, bytes)}%`,
    },
    {
      key: 'state',
      title: t('console.uploads.state'),
      render({ state }) {
        const { tone, Icon } = badges[state];
        return (
          <Badge tone={tone} icon={<Icon aria-hidden="true" />}>
            {t(`console.uploads.states.${state}`)}
          </Badge>
        );
      },
    },
    {
      key: 'note',
      title: t('console.uploads.note'),
      isWide: true,
      render(scan) {
        if (scan.state === 'sending')
          return <Progress percent={percentOf(scan.sentBytes, scan.bytes)} label={scan.receipt ?? scan.id} />;
        return scan.failure ? `${text(scan.failure.what)} · ${again(scan)}` : '';
      },
    },
  ];
  const facts = [
    t('console.uploads.of', { sent: formatBytes(sentBytes), total: formatBytes(totalBytes) }),
    ...(bytesPerSec === undefined ? [] : [t('console.uploads.rate', { rate: formatBytes(bytesPerSec) })]),
    ...(leftMs === undefined ? [] : [t('console.uploads.left', { span: formatSpan(leftMs, language) })]),
    ...(capKbps === undefined ? [] : [t('console.uploads.cap', { kbps: capKbps })]),
  ];
  const rest = uploads.pending - shownScans;
  return (
    <Panel title={t('console.uploads.title')}>
      <div className={styles['whole']}>
        <Progress percent={percentOf(sentBytes, totalBytes)} label={t('console.uploads.progress')} />
        <p className={styles['facts']}>
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </p>
      </div>
      <Table
        label={t('console.uploads.title')}
        columns={columns}
        rows={transfer.scans.slice(0, shownScans)}
        keyOf={({ id }) => id}
        empty={t('console.uploads.none')}
      />
      {rest > 0 && <p className={styles['more']}>{t('console.uploads.more', { count: rest })}</p>}
    </Panel>
  );
};
