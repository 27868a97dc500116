// Fetching from the licence library: what would be fetched and what for, and a plain yes or no. Nothing is fetched before the yes.

import { Eye, FileCheck, Trash2 } from 'lucide-react';
import { useHost } from '../../connection.ts';
import { Button } from '../../ui/components/button.tsx';
import { Card } from '../../ui/components/card.tsx';
import { FaultNotice } from '../../ui/components/fault-notice.tsx';
import { Notice } from '../../ui/components/notice.tsx';
import { Spinner } from '../../ui/components/progress.tsx';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import { Picture } from '../../ui/pictures/picture.tsx';
import { OtherWays } from './other-ways.tsx';
import { StagePage } from './stage-page.tsx';
import type { StageProps } from './stage.ts';
import styles from './stage.module.css';

export const LibraryStage = (props: StageProps) => {
  const { current, state } = props;
  const host = useHost();
  const t = useT();
  const text = useText();
  const { phase } = current.coach;
  const consent = (agreed: boolean): void => void host.send({ type: 'consentLibrary', agreed });

  if (phase === 'done' || (state.found !== undefined && phase === 'waiting'))
    return (
      <StagePage {...props}>
        <Document {...props} />
        {state.found !== undefined && (
          <Notice tone="ok" title={text(state.found)} isLive>
            {t('materials.libraryDone')}
          </Notice>
        )}
      </StagePage>
    );
  if (phase === 'working')
    return (
      <StagePage {...props}>
        <Document {...props} />
        <div className={styles['waiting']}>
          <Spinner label={t('materials.fetching')} />
        </div>
      </StagePage>
    );
  const hasFailed = phase === 'failed' || phase === 'unavailable';
  return (
    <StagePage
      {...props}
      {...(hasFailed
        ? {}
        : {
            back: { label: t('materials.disagree'), onPress: () => consent(false) },
            primary: {
              label: t('materials.agree'),
              icon: <FileCheck aria-hidden="true" />,
              onPress: () => consent(true),
            },
          })}
    >
      <Document {...props} />
      {current.failure !== undefined && <FaultNotice fault={current.failure} />}
      {hasFailed ? (
        <div className={styles['acts']}>
          <Button onPress={() => void host.send({ type: 'retry' })}>{t('action.retry')}</Button>
        </div>
      ) : (
        <Card title={t('materials.libraryTitle')}>
          <ul className={styles['points']}>
            <li>
              <FileCheck aria-hidden="true" />
              {t('materials.libraryWhat', { name: text(state.material.name) })}
            </li>
            <li>
              <Eye aria-hidden="true" />
              {t('materials.libraryWho')}
            </li>
            <li>
              <Trash2 aria-hidden="true" />
              {t('materials.libraryKeep')}
            </li>
          </ul>
        </Card>
      )}
      <OtherWays {...props} />
    </StagePage>
  );
};

/** The document itself, large: what this page is about without reading. */
const Document = ({ state }: Pick<StageProps, 'state'>) => (
  <div className={styles['document']}>
    <Picture name={state.material.picture} sizeMm={96} />
  </div>
);
