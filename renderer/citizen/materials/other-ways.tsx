// The other ways in which this material can be handed over: every trouble has a way on.

import { Camera, IdCard, QrCode, ScanLine } from 'lucide-react';
import { useHost } from '../../connection.ts';
import { Button } from '../../ui/components/button.tsx';
import { useT } from '../../ui/i18n/i18n.ts';
import type { StageProps } from './stage.ts';
import styles from './stage.module.css';

const icons = { library: IdCard, qr: QrCode, camera: Camera, scanner: ScanLine } as const;

export const OtherWays = ({ state, current, screen }: StageProps) => {
  const host = useHost();
  const t = useT();
  const isCameraGone = screen.camera.state === 'missing' || screen.camera.state === 'denied';
  const ways = state.material.ways.filter((way) => way !== current.way && !(way === 'camera' && isCameraGone));
  if (ways.length === 0) return null;
  return (
    <div className={styles['ways']} role="group" aria-label={t('materials.otherWay')}>
      {ways.map((way) => {
        const Icon = icons[way];
        return (
          <Button
            key={way}
            icon={<Icon aria-hidden="true" />}
            onPress={() => void host.send({ type: 'openMaterial', materialId: state.material.id, way })}
          >
            {t(`materials.use.${way}`)}
          </Button>
        );
      })}
    </div>
  );
};
