// The health checks of one device, each with its last verdict: when, by whom, what it said. Questions are answered right here.

import { CircleCheck, CircleDashed, CircleX, Play } from 'lucide-react';
import type { ConsoleDevice } from '../../main/contract/console.ts';
import { Button } from '../ui/components/button.tsx';
import { Notice } from '../ui/components/notice.tsx';
import { FailureNote } from '../ui/console/failure-note.tsx';
import { Panel } from '../ui/console/panel.tsx';
import { Badge } from '../ui/console/state-badge.tsx';
import { Table, type Column } from '../ui/console/table.tsx';
import { formatInstant } from '../ui/console/times.ts';
import { useT, useText } from '../ui/i18n/i18n.ts';
import styles from './health-checks.module.css';
import { useHealthCheck } from './use-health-check.ts';

type Check = ConsoleDevice['checks'][number];

export const HealthChecks = ({ device }: { device: ConsoleDevice }) => {
  const t = useT();
  const text = useText();
  const { state, run, answer } = useHealthCheck(device.id);
  const isBusy = state.phase === 'running' || state.phase === 'asking';
  const columns: Column<Check>[] = [
    {
      key: 'title',
      title: t('console.check.title'),
      render: (check) => (
        <>
          {text(check.title)}
          <span className={styles['small']}>{t(`console.scope.${check.scope}`)}</span>
        </>
      ),
    },
    {
      key: 'verdict',
      title: t('console.check.last'),
      isWide: true,
      render: ({ last }) => {
        if (last === undefined)
          return (
            <Badge tone="quiet" icon={<CircleDashed aria-hidden="true" />}>
              {t('console.check.never')}
            </Badge>
          );
        const icon = last.passed ? <CircleCheck aria-hidden="true" /> : <CircleX aria-hidden="true" />;
        return (
          <>
            <Badge tone={last.passed ? 'ok' : 'problem'} icon={icon}>
              {t(last.passed ? 'console.check.passed' : 'console.check.failed')}
            </Badge>
            <span className={styles['small']}>
              {last.passed ? '' : `${last.code} · `}
              {last.detail}
            </span>
          </>
        );
      },
    },
    {
      key: 'when',
      title: t('console.check.when'),

      render: ({ last }) =>
        last === undefined ? (
          ''
        ) : (
          <>
            {formatInstant(last.atMs)}
            <span className={styles['small']}>{last.by}</span>
          </>
        ),
    },
    {
      key: 'run',
      title: '',
      look: 'act',
      render: (check) => (
        <Button
          icon={<Play aria-hidden="true" />}
          isBusy={state.phase === 'running' && state.check === check.name}
          isDisabled={isBusy}
          label={`${t('console.check.run')}: ${text(check.title)}`}
          onPress={() => run(check.name)}
        >
          {t('console.check.run')}
        </Button>
      ),
    },
  ];
  return (
    <Panel title={t('console.check.panel')}>
      {state.phase === 'asking' && (
        <Notice
          tone="info"
          title={text(state.text)}
          isLive
          action={
            <>
              <Button onPress={() => answer(false)}>{t('console.no')}</Button>
              <Button kind="primary" onPress={() => answer(true)}>
                {t('console.yes')}
              </Button>
            </>
          }
        />
      )}
      {state.phase === 'failed' && <FailureNote failure={state.failure} />}
      <Table
        label={t('console.check.panel')}
        columns={columns}
        rows={device.checks}
        keyOf={(check) => check.name}
        empty={t('console.check.none')}
      />
    </Panel>
  );
};
