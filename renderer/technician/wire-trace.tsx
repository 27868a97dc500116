// The wire: the last frames each way, as bytes and in words, asked for every second until somebody wants to read in peace.

import { ArrowLeft, ArrowRight, Info, Pause, Play } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { TraceLine } from '../../main/contract/console.ts';
import { Button } from '../ui/components/button.tsx';
import { useConsole } from '../ui/console/console-context.ts';
import { FailureNote } from '../ui/console/failure-note.tsx';
import { ask, type CallFailure } from '../ui/console/failures.ts';
import { Panel } from '../ui/console/panel.tsx';
import { Badge } from '../ui/console/state-badge.tsx';
import { Table, type Column } from '../ui/console/table.tsx';
import { formatWireTime } from '../ui/console/times.ts';
import { useT, useText } from '../ui/i18n/i18n.ts';

const everyMs = 1000;

const directionIcons = {
  in: <ArrowLeft aria-hidden="true" />,
  out: <ArrowRight aria-hidden="true" />,
  note: <Info aria-hidden="true" />,
} as const;

export const WireTrace = ({ deviceId }: { deviceId: string }) => {
  const t = useT();
  const text = useText();
  const { client } = useConsole();
  const [lines, setLines] = useState<readonly TraceLine[]>([]);
  const [failure, setFailure] = useState<CallFailure>();
  const [isPaused, setPaused] = useState(false);
  const scroll = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (isPaused) return undefined;
    let isGone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      const answer = await ask(() => client.technician.trace({ deviceId }));
      if (isGone) return;
      if (answer.ok) setLines(answer.value.lines);
      setFailure(answer.ok ? undefined : answer.failure);
      timer = setTimeout(() => void look(), everyMs);
    };
    void look();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [client, deviceId, isPaused]);

  // Running, the newest line stays in sight.
  useLayoutEffect(() => {
    if (!isPaused && lines.length > 0 && scroll.current !== null)
      scroll.current.scrollTop = scroll.current.scrollHeight;
  }, [lines, isPaused]);

  const columns: Column<TraceLine & { place: number }>[] = [
    { key: 'at', title: t('console.trace.at'), look: 'mono', render: ({ atMs }) => formatWireTime(atMs) },
    {
      key: 'direction',
      title: t('console.trace.direction'),
      render: ({ direction }) => (
        <Badge tone="quiet" icon={directionIcons[direction]}>
          {t(`console.direction.${direction}`)}
        </Badge>
      ),
    },
    { key: 'label', title: t('console.trace.label'), look: 'mono', render: ({ label }) => label },
    { key: 'hex', title: t('console.trace.bytes'), look: 'mono', isWide: true, render: ({ hex }) => hex },
    {
      key: 'words',
      title: t('console.trace.words'),
      isWide: true,
      render: ({ words }) => (words === undefined ? '' : text(words)),
    },
  ];
  return (
    <Panel
      title={t('console.trace.title')}
      isFilling
      actions={
        <Button
          icon={isPaused ? <Play aria-hidden="true" /> : <Pause aria-hidden="true" />}
          onPress={() => setPaused(!isPaused)}
        >
          {t(isPaused ? 'console.trace.resume' : 'console.trace.pause')}
        </Button>
      }
    >
      {failure !== undefined && <FailureNote failure={failure} />}
      <Table
        label={t('console.trace.title')}
        columns={columns}
        rows={lines.map((line, place) => ({ ...line, place }))}
        keyOf={({ atMs, place }) => `${atMs} ${place}`}
        empty={t('console.trace.none')}
        scrollRef={scroll}
      />
    </Panel>
  );
};
