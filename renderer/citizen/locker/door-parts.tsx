// What both sides of a cell share, papers going in and coming out: which cell it is, and the two questions about a door that no sensor feels.

import type { FaultView } from '../../../main/contract/devices.ts';
import type { View } from '../../../main/contract/view.ts';
import { useHost } from '../../connection.ts';
import { FaultNotice } from '../../ui/components/fault-notice.tsx';
import { Page } from '../../ui/components/page.tsx';
import { useT } from '../../ui/i18n/i18n.ts';
import { Picture } from '../../ui/pictures/picture.tsx';
import styles from './locker-screen.module.css';

export const Cell = ({ cell }: { cell: string | undefined }) => {
  const t = useT();
  if (cell === undefined) return null;
  return (
    <p className={styles['cell']}>
      <span>{t('locker.cell')}</span>
      <strong>{cell}</strong>
    </p>
  );
};

type AskDoorProps = {
  view: View;
  screen: { phase: string; cell?: string; failure?: FaultView };
  /** What is asked once the door stands open. */
  shutTitle: 'locker.askShutTitle' | `pickUp.${'originals' | 'result'}.askShutTitle`;
};

/** No sensor feels this door: two answers, the hoped-for one on the right. */
export const AskDoor = ({ view, screen, shutTitle }: AskDoorProps) => {
  const host = useHost();
  const t = useT();
  const isOpening = screen.phase === 'askOpen';
  const answer = (isOpen: boolean) => (): void => void host.send({ type: 'answerDoor', isOpen });
  return (
    <Page
      view={view}
      title={t(isOpening ? 'locker.askOpenTitle' : shutTitle)}
      lead={t(isOpening ? 'locker.askOpenLead' : 'locker.askShutLead')}
      back={{ label: t(isOpening ? 'locker.didNotOpen' : 'locker.doesNotShut'), onPress: answer(!isOpening) }}
      primary={{ label: t(isOpening ? 'locker.didOpen' : 'locker.didShut'), onPress: answer(isOpening) }}
    >
      {screen.failure !== undefined && <FaultNotice fault={screen.failure} />}
      <div className={styles['offer']}>
        <Picture name="locker" sizeMm={90} />
      </div>
      <Cell cell={screen.cell} />
    </Page>
  );
};
