// What came down from the centre: which version of what serves, how long it may, and what was refused and why.

import { CircleCheck, CircleMinus, TriangleAlert } from 'lucide-react';
import type { BundleRefusal } from '../../main/contract/bundles.ts';
import type { ConsoleBundles } from '../../main/contract/console.ts';
import { useConsole } from '../ui/console/console-context.ts';
import { Panel } from '../ui/console/panel.tsx';
import { Badge } from '../ui/console/state-badge.tsx';
import { Table, type Column } from '../ui/console/table.tsx';
import { formatInstant } from '../ui/console/times.ts';
import { useT } from '../ui/i18n/i18n.ts';

type Channel = ConsoleBundles['channels'][number];

const toneOf = { none: 'quiet', good: 'ok', expiredServes: 'problem', expiredRests: 'problem' } as const;
const iconOf = {
  none: CircleMinus,
  good: CircleCheck,
  expiredServes: TriangleAlert,
  expiredRests: TriangleAlert,
} as const;

export const BundlesPanel = () => {
  const t = useT();
  const { view } = useConsole();
  const { bundles } = view;
  if (!bundles) return null;
  const instant = (atMs: number | undefined): string => (atMs === undefined ? '' : formatInstant(atMs));
  const refusal = ({ reason, atMs }: { reason: BundleRefusal; atMs: number }): string =>
    `${t(`console.bundles.refused.${reason}`)} · ${formatInstant(atMs)}`;
  const columns: Column<Channel>[] = [
    {
      key: 'channel',
      title: t('console.bundles.channel'),
      render: ({ channel }) => t(`console.bundles.of.${channel}`),
    },
    { key: 'version', title: t('console.bundles.version'), render: ({ version }) => version ?? '' },
    {
      key: 'state',
      title: t('console.bundles.state'),
      render({ state }) {
        const Icon = iconOf[state];
        return (
          <Badge tone={toneOf[state]} icon={<Icon aria-hidden="true" />}>
            {t(`console.bundles.states.${state}`)}
          </Badge>
        );
      },
    },
    { key: 'issued', title: t('console.bundles.issued'), render: ({ issuedAtMs }) => instant(issuedAtMs) },
    { key: 'expires', title: t('console.bundles.expires'), render: ({ expiresAtMs }) => instant(expiresAtMs) },
    {
      key: 'refusal',
      title: t('console.bundles.lastRefusal'),
      isWide: true,
      render: ({ lastRefusal }) => (lastRefusal ? refusal(lastRefusal) : ''),
    },
  ];
  const { manifest } = bundles;
  return (
    <Panel
      title={t('console.bundles.title')}
      actions={
        manifest?.isExpired ? (
          <Badge tone="problem" icon={<TriangleAlert aria-hidden="true" />}>
            {t('console.bundles.manifestExpired')}
          </Badge>
        ) : undefined
      }
    >
      {!bundles.isOn && <p>{t('console.bundles.off')}</p>}
      {bundles.isOn && !manifest && <p>{t('console.bundles.nothingYet')}</p>}
      {manifest?.isExpired && <p>{t('console.bundles.expiredWords', { when: instant(manifest.expiresAtMs) })}</p>}
      {bundles.fileRefusals.map((one) => (
        <p key={`${one.file} ${one.reason} ${one.atMs}`}>
          {t(`console.bundles.of.${one.file}`)} · {refusal(one)}
        </p>
      ))}
      {(manifest || bundles.channels.some(({ state }) => state !== 'none')) && (
        <Table
          label={t('console.bundles.title')}
          columns={columns}
          rows={bundles.channels}
          keyOf={({ channel }) => channel}
          empty={t('console.bundles.nothingYet')}
        />
      )}
    </Panel>
  );
};
