// The cabinet as it stands there: each cell with its door and what lies in it. A touch opens what can be done with one.

import { DoorClosed, DoorOpen, CircleQuestionMark, Package, Unlock } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { ConsoleCell } from '../../main/contract/console.ts';
import { Button } from '../ui/components/button.tsx';
import { Notice } from '../ui/components/notice.tsx';
import { useConsole } from '../ui/console/console-context.ts';
import { ask, type CallFailure } from '../ui/console/failures.ts';
import { Pairs } from '../ui/console/pairs.tsx';
import { Panel } from '../ui/console/panel.tsx';
import { ReasonDialog } from '../ui/console/reason-dialog.tsx';
import { Badge, type Tone } from '../ui/console/state-badge.tsx';
import { formatInstant, formatSpan } from '../ui/console/times.ts';
import { formatCode } from '../ui/format.ts';
import { useLanguage, useT, useText } from '../ui/i18n/i18n.ts';
import styles from './lockers-section.module.css';

const doors: Record<ConsoleCell['door'], { icon: ReactNode; tone: Tone }> = {
  open: { icon: <DoorOpen aria-hidden="true" />, tone: 'attention' },
  closed: { icon: <DoorClosed aria-hidden="true" />, tone: 'ok' },
  unknown: { icon: <CircleQuestionMark aria-hidden="true" />, tone: 'quiet' },
};

type Use = 'free' | 'used' | 'result' | 'overdue';
const stateOf = ({ use }: ConsoleCell, nowMs: number): Use => {
  if (use === undefined) return 'free';
  if (use.keepUntilMs < nowMs) return 'overdue';
  return use.purpose === 'deposit' ? 'used' : 'result';
};

const CellActs = ({ cell, onOpened }: { cell: ConsoleCell; onOpened: (isOpen: boolean) => void }) => {
  const t = useT();
  const { client } = useConsole();
  const [act, setAct] = useState<'none' | 'open' | 'release'>('none');
  const close = (): void => setAct('none');
  const open = async (reason: string): Promise<CallFailure | undefined> => {
    const answer = await ask(() => client.manager.openCell({ cell: cell.cell, reason }));
    if (!answer.ok) return answer.failure;
    if (!answer.value.opened) return { type: 'refused', code: 'notOpened', detail: answer.value.message };
    onOpened(true);
    return undefined;
  };
  const release = async (reason: string): Promise<CallFailure | undefined> => {
    const answer = await ask(() => client.manager.releaseCell({ cell: cell.cell, reason }));
    return answer.ok ? undefined : answer.failure;
  };
  const text = useText();
  const { use } = cell;
  const holds =
    use === undefined
      ? t('console.locker.willEmpty')
      : use.purpose === 'result'
        ? t('console.locker.willHoldResult', { name: text(use.name) })
        : t('console.locker.willHold', { receipt: formatCode(use.receipt) });
  return (
    <>
      <Button icon={<Unlock aria-hidden="true" />} onPress={() => setAct('open')}>
        {t('console.locker.open')}
      </Button>
      {use?.purpose === 'deposit' && (
        <Button kind="danger" icon={<Package aria-hidden="true" />} onPress={() => setAct('release')}>
          {t('console.locker.release')}
        </Button>
      )}
      {act === 'open' && (
        <ReasonDialog
          title={t('console.locker.openTitle', { cell: cell.label })}
          consequences={[t('console.locker.willOpen', { cell: cell.label }), holds, t('console.locker.mustShut')]}
          confirmLabel={t('console.locker.open')}
          reasons={['console.reason.citizenStuck', 'console.reason.takeOverdue', 'console.reason.inspect']}
          onConfirm={open}
          onClose={close}
        />
      )}
      {act === 'release' && (
        <ReasonDialog
          title={t('console.locker.releaseTitle', { cell: cell.label })}
          consequences={[
            t('console.locker.willFree', { cell: cell.label }),
            t('console.locker.codeEnds'),
            t('console.locker.lookFirst'),
          ]}
          confirmLabel={t('console.locker.release')}
          reasons={['console.reason.handedOver', 'console.reason.takeOverdue', 'console.reason.cellEmpty']}
          onConfirm={release}
          onClose={close}
        />
      )}
    </>
  );
};

export const LockersSection = () => {
  const t = useT();
  const text = useText();
  const language = useLanguage();
  const { view, staff, nowMs } = useConsole();
  const [chosen, setChosen] = useState<number>();
  const [opened, setOpened] = useState<string>();
  const cell = view.cells.find((one) => one.cell === chosen);
  if (view.cells.length === 0) return <Notice tone="info" title={t('console.locker.none')} />;
  const count = (use: Use): number => view.cells.filter((one) => stateOf(one, nowMs) === use).length;
  return (
    <>
      <Panel title={t('console.locker.title')}>
        <p className={styles['sum']}>
          {t('console.locker.sum', {
            free: count('free'),
            used: count('used'),
            results: count('result'),
            overdue: count('overdue'),
          })}
        </p>
        <div className={styles['cells']}>
          {view.cells.map((one) => {
            const use = stateOf(one, nowMs);
            const door = doors[one.door];
            return (
              <button
                key={one.cell}
                type="button"
                className={styles['cell']}
                data-use={use}
                aria-pressed={one.cell === chosen}
                onClick={() => {
                  setChosen(one.cell);
                  setOpened(undefined);
                }}
              >
                <span className={styles['label']}>{one.label}</span>
                <span className={styles['use']}>{t(`console.use.${use}`)}</span>
                <Badge tone={door.tone} icon={door.icon}>
                  {t(`console.door.${one.door}`)}
                </Badge>
              </button>
            );
          })}
        </div>
      </Panel>
      {cell === undefined ? (
        <p className={styles['hint']}>{t('console.locker.choose')}</p>
      ) : (
        <Panel
          title={t('console.locker.cell', { cell: cell.label })}
          actions={
            staff.role === 'manager' ? (
              <CellActs key={cell.cell} cell={cell} onOpened={() => setOpened(cell.label)} />
            ) : (
              <span className={styles['hint']}>{t('console.locker.managerOnly')}</span>
            )
          }
        >
          {opened !== undefined && (
            <Notice tone="ok" title={t('console.locker.opened', { cell: opened })} isLive>
              {t('console.locker.openedDetail')}
            </Notice>
          )}
          <Pairs
            pairs={[
              { label: t('console.locker.number'), value: cell.cell },
              { label: t('console.locker.door'), value: t(`console.door.${cell.door}`) },
              { label: t('console.locker.use'), value: t(`console.use.${stateOf(cell, nowMs)}`) },
              ...(cell.use === undefined
                ? []
                : [
                    ...(cell.use.purpose === 'result'
                      ? [{ label: t('console.locker.result'), value: text(cell.use.name) }]
                      : [
                          { label: t('console.locker.receipt'), value: formatCode(cell.use.receipt) },
                          { label: t('console.locker.since'), value: formatInstant(cell.use.sinceMs) },
                        ]),
                    { label: t('console.locker.until'), value: formatInstant(cell.use.keepUntilMs) },
                    {
                      label: t(cell.use.keepUntilMs < nowMs ? 'console.locker.overdueBy' : 'console.locker.left'),
                      value: formatSpan(Math.abs(cell.use.keepUntilMs - nowMs), language),
                    },
                  ]),
            ]}
          />
        </Panel>
      )}
    </>
  );
};
