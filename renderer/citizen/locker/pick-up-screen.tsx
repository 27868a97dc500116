// Originals, or a result that is ready, come out of their cell: the door opens, is emptied and shut. Before it: the code was shown or
// typed. After it: goodbye. Where no sensor feels the door, the person in front of it is asked.

import { ArrowRight } from 'lucide-react';
import type { ScreenOf } from '../../../main/contract/view.ts';
import { useHost } from '../../connection.ts';
import { Card } from '../../ui/components/card.tsx';
import { CoachStage } from '../../ui/components/coach-stage.tsx';
import { FaultNotice } from '../../ui/components/fault-notice.tsx';
import { Notice } from '../../ui/components/notice.tsx';
import { Page } from '../../ui/components/page.tsx';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import { Picture } from '../../ui/pictures/picture.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { AskDoor, Cell } from './door-parts.tsx';
import styles from './locker-screen.module.css';

export const PickUpScreen = ({ screen, view }: ScreenProps<'pickUp'>) => {
  const host = useHost();
  const t = useT();
  const next = (): void => void host.send({ type: 'next' });
  const { what } = screen;
  const words = screen.phase === 'opening' ? t('pickUp.openingTitle') : t(`pickUp.${what}.openTitle`);

  switch (screen.phase) {
    case 'opening':
    case 'open':
      return (
        <Page view={view} headline={<h1 className="visually-hidden">{words}</h1>} back="none">
          {screen.failure !== undefined && <FaultNotice fault={screen.failure} />}
          <CoachStage
            act="openDoor"
            title={words}
            coach={{ phase: screen.phase === 'opening' ? 'working' : 'waiting', place: screen.place, help: 'none' }}
          >
            <Cell cell={screen.cell} />
          </CoachStage>
        </Page>
      );
    case 'askOpen':
    case 'askShut':
      return <AskDoor view={view} screen={screen} shutTitle={`pickUp.${what}.askShutTitle`} />;
    case 'closed':
      return (
        <Page
          view={view}
          title={t('pickUp.closedTitle')}
          back="none"
          primary={{ label: t('action.done'), icon: <ArrowRight aria-hidden="true" />, onPress: next }}
        >
          <div className={styles['stored']}>
            <Cell cell={screen.cell} />
            <Notice tone="ok" title={t(`pickUp.${what}.keep`)} isLive>
              {t(`pickUp.${what}.closedDetail`)}
            </Notice>
          </div>
          <Papers screen={screen} />
        </Page>
      );
    case 'failed':
      return (
        <Page
          view={view}
          title={t('pickUp.failedTitle')}
          back={{ label: t('pickUp.later'), onPress: next }}
          primary={{ label: t('action.retry'), onPress: () => void host.send({ type: 'retry' }) }}
        >
          {screen.failure !== undefined && <FaultNotice fault={screen.failure} />}
          <Notice tone="info" title={t(`pickUp.${what}.inside`)}>
            {t(`pickUp.${what}.failedDetail`)}
          </Notice>
          <Papers screen={screen} />
        </Page>
      );
    default:
      return screen.phase satisfies never;
  }
};

const Papers = ({ screen }: { screen: ScreenOf<'pickUp'> }) => {
  const t = useT();
  const text = useText();
  return (
    <Card title={t(`pickUp.${screen.what}.${screen.phase === 'closed' ? 'taken' : 'inside'}`)}>
      <div className={styles['originals']}>
        <ul>
          {screen.papers.map((name) => (
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
