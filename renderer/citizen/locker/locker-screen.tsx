// Papers go into a locker cell: offered, opened, closed, or refused by the door, with a way on from each. Before it: the receipt, and
// after it the rating; or a signed code, which brings a number instead of originals, and a slip of paper at the end. The door's own sensor
// says open and closed; where there is none the person is asked.

import { ArrowRight, PackageOpen } from 'lucide-react';
import type { ScreenOf } from '../../../main/contract/view.ts';
import { useHost } from '../../connection.ts';
import { Card } from '../../ui/components/card.tsx';
import { CoachStage } from '../../ui/components/coach-stage.tsx';
import { FaultNotice } from '../../ui/components/fault-notice.tsx';
import { Notice } from '../../ui/components/notice.tsx';
import { Page, type Action } from '../../ui/components/page.tsx';
import { PrintStatus } from '../../ui/components/print-status.tsx';
import { formatCode } from '../../ui/format.ts';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import { Picture } from '../../ui/pictures/picture.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { AskDoor, Cell } from './door-parts.tsx';
import styles from './locker-screen.module.css';

export const LockerScreen = ({ screen, view }: ScreenProps<'locker'>) => {
  const host = useHost();
  const t = useT();
  const use = (isUsed: boolean) => (): void => void host.send({ type: 'useLocker', use: isUsed });
  const words = screen.phase === 'opening' ? t('locker.openingTitle') : t('locker.openTitle');
  const without: Action = { label: t('locker.without'), onPress: use(false) };

  switch (screen.phase) {
    case 'offer':
      return (
        <Page
          view={view}
          title={t('locker.offerTitle')}
          lead={t('locker.offerLead')}
          back={without}
          primary={{ label: t('locker.store'), icon: <PackageOpen aria-hidden="true" />, onPress: use(true) }}
        >
          <div className={styles['offer']}>
            <Picture name="locker" sizeMm={110} />
          </div>
          <Originals screen={screen} />
        </Page>
      );
    case 'opening':
    case 'open':
      return (
        <Page view={view} headline={<h1 className="visually-hidden">{words}</h1>} back="none">
          {screen.failure !== undefined && <FaultNotice fault={screen.failure} />}
          {screen.place === undefined ? (
            <Cell cell={screen.cell} />
          ) : (
            <CoachStage
              act="openDoor"
              title={words}
              coach={{ phase: screen.phase === 'opening' ? 'working' : 'waiting', place: screen.place, help: 'none' }}
            >
              <Cell cell={screen.cell} />
            </CoachStage>
          )}
        </Page>
      );
    case 'askOpen':
    case 'askShut':
      return <AskDoor view={view} screen={screen} shutTitle="locker.askShutTitle" />;
    case 'closed':
      return screen.failure === undefined ? (
        <Page
          view={view}
          title={t('locker.closedTitle')}
          back="none"
          primary={{
            label: t(screen.number === undefined ? 'action.next' : 'action.done'),
            icon: <ArrowRight aria-hidden="true" />,
            onPress: () => void host.send({ type: 'next' }),
          }}
        >
          <div className={styles['stored']}>
            <Cell cell={screen.cell} />
            {screen.pickUpCode !== undefined && (
              <Card title={t('locker.code')} tone="accent">
                <p className={styles['code']}>{formatCode(screen.pickUpCode)}</p>
                <p>{t('locker.codeDetail')}</p>
              </Card>
            )}
          </div>
          {screen.print !== undefined && <PrintStatus print={screen.print} />}
          <div className={styles['list']}>
            <Originals screen={screen} />
          </div>
        </Page>
      ) : (
        <Page
          view={view}
          title={t('locker.notStoredTitle')}
          back={{ label: t('locker.leave'), onPress: () => void host.send({ type: 'next' }) }}
          primary={{ label: t('action.retry'), onPress: () => void host.send({ type: 'retry' }) }}
        >
          <FaultNotice fault={screen.failure} />
          <Cell cell={screen.cell} />
          <Originals screen={screen} />
        </Page>
      );
    case 'failed':
      return (
        <Page
          view={view}
          title={t('locker.failedTitle')}
          back={screen.number === undefined ? without : { label: t('locker.later'), onPress: use(false) }}
          primary={{ label: t('action.retry'), onPress: () => void host.send({ type: 'retry' }) }}
        >
          {screen.failure !== undefined && <FaultNotice fault={screen.failure} />}
          <Originals screen={screen} />
          <Notice tone="info" title={t(screen.number === undefined ? 'locker.otherWayTitle' : 'locker.laterTitle')}>
            {t(screen.number === undefined ? 'locker.otherWay' : 'locker.laterDetail')}
          </Notice>
        </Page>
      );
    default:
      return screen.phase satisfies never;
  }
};

const Originals = ({ screen }: { screen: ScreenOf<'locker'> }) => {
  const t = useT();
  const text = useText();
  if (screen.number !== undefined)
    return (
      <Card title={t('locker.belongs')}>
        <p className={styles['number']}>{screen.number}</p>
      </Card>
    );
  return (
    <Card title={screen.phase === 'closed' ? t('locker.stored') : t('locker.originals')}>
      <div className={styles['originals']}>
        <ul>
          {screen.originals.map((name) => (
            <li key={name.zh}>
              <Picture name="originals" sizeMm={14} />
              {text(name)}
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
};
