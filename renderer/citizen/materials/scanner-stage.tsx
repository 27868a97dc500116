// Handing over on the document scanner: where to lay the page, how far it is, what came out.

import { Layers, ScanLine, X } from 'lucide-react';
import { useHost } from '../../connection.ts';
import { Button } from '../../ui/components/button.tsx';
import { CoachStage } from '../../ui/components/coach-stage.tsx';
import { FaultNotice } from '../../ui/components/fault-notice.tsx';
import { Progress, Spinner } from '../../ui/components/progress.tsx';
import { useT } from '../../ui/i18n/i18n.ts';
import { HeldPages } from './held-pages.tsx';
import { OtherWays } from './other-ways.tsx';
import { isEnough, StagePage } from './stage-page.tsx';
import type { StageProps } from './stage.ts';
import styles from './stage.module.css';

export const ScannerStage = (props: StageProps) => {
  const { view, current, state } = props;
  const host = useHost();
  const t = useT();
  const { phase } = current.coach;
  // Beside the drawing there is no room for small pictures.
  const isCompact = view.panel.orientation === 'landscape';
  const isScanning = phase === 'working';
  const isFull = state.pages.length >= state.material.pages.max;
  const scan = (source: 'platen' | 'feeder'): void => void host.send({ type: 'scanPage', source });
  return (
    <StagePage {...props}>
      <CoachStage act="putPage" coach={current.coach} otherWay={<OtherWays {...props} />}>
        {current.failure !== undefined && <FaultNotice fault={current.failure} />}
        {isScanning && (
          <div className={styles['scanning']}>
            {current.percent === undefined ? (
              <Spinner label={t('materials.scanning')} />
            ) : (
              <Progress percent={current.percent} label={t('materials.scanning')} />
            )}
            <Button icon={<X aria-hidden="true" />} onPress={() => void host.send({ type: 'cancelCapture' })}>
              {t('materials.cancelScan')}
            </Button>
          </div>
        )}
        {state.pages.length > 0 && isCompact && <HeldPages state={state} view={view} isCompact />}
        {!isScanning && phase !== 'unavailable' && (
          <div className={styles['acts']}>
            <Button
              size="primary"
              kind={isEnough(props) ? 'secondary' : 'primary'}
              icon={<ScanLine aria-hidden="true" />}
              isDisabled={isFull}
              onPress={() => scan('platen')}
            >
              {t('materials.scan')}
            </Button>
            {state.material.pages.max > 1 && (
              <Button
                size="primary"
                icon={<Layers aria-hidden="true" />}
                isDisabled={isFull}
                onPress={() => scan('feeder')}
              >
                {t('materials.scanStack')}
              </Button>
            )}
          </div>
        )}
      </CoachStage>
      {state.pages.length > 0 && !isCompact && <HeldPages state={state} view={view} />}
    </StagePage>
  );
};
