// The machine's ports: which device has which, which nobody has, which configured ones are not there. One that nobody has can be
// asked who is behind it.

import { CircleCheck, CircleDashed, Search, Square, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ConsolePort } from '../../main/contract/console.ts';
import { Button } from '../ui/components/button.tsx';
import { useConsole } from '../ui/console/console-context.ts';
import { Panel } from '../ui/console/panel.tsx';
import { Badge, type Tone } from '../ui/console/state-badge.tsx';
import { Table, type Column } from '../ui/console/table.tsx';
import { useT, useText } from '../ui/i18n/i18n.ts';
import { PortAnswerView } from './port-answer.tsx';
import styles from './ports-panel.module.css';
import { useIdentifyPort } from './use-identify-port.ts';

const looks: Record<ConsolePort['state'], { tone: Tone; icon: ReactNode }> = {
  assigned: { tone: 'ok', icon: <CircleCheck aria-hidden="true" /> },
  unassigned: { tone: 'quiet', icon: <CircleDashed aria-hidden="true" /> },
  missing: { tone: 'problem', icon: <Unplug aria-hidden="true" /> },
};

export const PortsPanel = () => {
  const t = useT();
  const text = useText();
  const { view } = useConsole();
  const { answers, asking, run, stop } = useIdentifyPort();
  const nameOf = (deviceId: string): string => {
    const device = view.devices.find(({ id }) => id === deviceId);
    return device === undefined ? deviceId : text(device.name);
  };
  const columns: Column<ConsolePort>[] = [
    {
      key: 'state',
      title: t('console.ports.state'),
      render: ({ state, assignedTo }) => (
        <>
          <Badge tone={looks[state].tone} icon={looks[state].icon}>
            {t(`console.ports.${state}`)}
          </Badge>
          {assignedTo !== undefined && <span className={styles['small']}>{nameOf(assignedTo)}</span>}
        </>
      ),
    },
    {
      key: 'port',
      title: t('console.ports.port'),
      isWide: true,
      render: ({ path, identity }) => (
        <>
          <span className={styles['path']}>{path}</span>
          {identity !== undefined && <span className={styles['small']}>{identity}</span>}
        </>
      ),
    },
    {
      key: 'answer',
      title: t('console.ports.answer'),
      isWide: true,
      render: ({ state, path }) => {
        const answer = answers[path];
        return state === 'unassigned' && answer !== undefined ? <PortAnswerView answer={answer} /> : '';
      },
    },
    {
      key: 'ask',
      title: '',
      look: 'act',
      render: ({ state, path }) => {
        if (state !== 'unassigned') return '';
        if (asking === path)
          return (
            <Button icon={<Square aria-hidden="true" />} onPress={stop}>
              {t('console.ports.stop')}
            </Button>
          );
        return (
          <Button icon={<Search aria-hidden="true" />} isDisabled={asking !== undefined} onPress={() => run(path)}>
            {t('console.ports.identify')}
          </Button>
        );
      },
    },
  ];
  return (
    <Panel title={t('console.ports.title')} isFilling>
      <p className={styles['note']}>{t('console.ports.note')}</p>
      <Table
        label={t('console.ports.title')}
        columns={columns}
        rows={view.ports}
        keyOf={({ state, path, assignedTo }) => `${state} ${path} ${assignedTo ?? ''}`}
        empty={t('console.ports.none')}
      />
    </Panel>
  );
};
