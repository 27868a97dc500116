// Photographing pages: the live picture, one button, then the shot to cut and keep or take again.
//
//   camera ─► live ──拍照──► frozen shot, page found ──使用这张──► cut, JPEG ─► materials.addPage ─► live again

import { Camera, CameraOff, RotateCcw } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import { useHost } from '../../connection.ts';
import { Button } from '../../ui/components/button.tsx';
import { FaultNotice } from '../../ui/components/fault-notice.tsx';
import { Notice } from '../../ui/components/notice.tsx';
import { Spinner } from '../../ui/components/progress.tsx';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import { play } from '../../ui/sound.ts';
import { turned } from './camera-controls.ts';
import styles from './camera-stage.module.css';
import { HeldPages } from './held-pages.tsx';
import { LiveVideo } from './live-video.tsx';
import { OtherWays } from './other-ways.tsx';
import { forget, grabFrame } from './picture.ts';
import { ShotStage } from './shot-stage.tsx';
import { isEnough, StagePage } from './stage-page.tsx';
import type { StageProps } from './stage.ts';
import stageStyles from './stage.module.css';
import { useCamera } from './use-camera.ts';

export const CameraStage = (props: StageProps) => {
  const { view, current, state, screen } = props;
  const host = useHost();
  const t = useT();
  const text = useText();
  const { status, retry } = useCamera(screen.camera.wanted);
  const rotationDeg = screen.camera.wanted?.rotationDeg ?? 0;
  const shown = status.type === 'live' && status.heightPx > 0 ? turned(status, rotationDeg) : undefined;
  const video = useRef<HTMLVideoElement>(null);
  const [shot, setShot] = useState<HTMLCanvasElement>();
  /** The stream whose picture is steady enough to shoot. */
  const [steady, setSteady] = useState<MediaStream>();
  const isSettled = status.type === 'live' && steady === status.stream;
  const isFull = state.pages.length >= state.material.pages.max;
  const { help, place } = current.coach;

  useLayoutEffect(
    () => () => {
      if (shot !== undefined) forget(shot);
    },
    [shot],
  );

  const shoot = (): void => {
    const frame = video.current && grabFrame(video.current, rotationDeg);
    if (!frame) return;
    play('done');
    setShot(frame);
  };

  if (shot !== undefined)
    return (
      <ShotStage
        {...props}
        frame={shot}
        onAgain={() => setShot(undefined)}
        onUse={async (picture) => {
          await host.client.materials.addPage({ materialId: state.material.id, picture });
          setShot(undefined);
        }}
      />
    );
  return (
    <StagePage {...props}>
      <div className={stageStyles['stage']}>
        <div className={styles['scene']}>
          {status.type === 'failed' ? (
            <Notice
              tone="attention"
              title={t(`materials.camera.${status.fault}`)}
              isLive
              action={
                <Button icon={<RotateCcw aria-hidden="true" />} onPress={retry}>
                  {t('action.retry')}
                </Button>
              }
            >
              {t(`materials.camera.${status.fault}Todo`)}
            </Notice>
          ) : (
            <p className={styles['where']}>{t('materials.layPage', { place: text(place.label) })}</p>
          )}
          <div
            className={styles['room']}
            style={{
              ['--ratio' as string]: shown ? shown.widthPx / shown.heightPx : 16 / 9,
            }}
          >
            {status.type === 'failed' ? (
              <CameraOff className={styles['off']} aria-hidden="true" />
            ) : (
              <LiveVideo
                ref={video}
                label={t('materials.live')}
                stream={status.type === 'live' ? status.stream : undefined}
                rotationDeg={rotationDeg}
                isSettled={isSettled}
                onSettled={setSteady}
              />
            )}
            {status.type !== 'failed' && !isSettled && (
              <div className={styles['opening']}>
                <Spinner label={t('materials.cameraOpening')} />
              </div>
            )}
          </div>
        </div>
        <div className={stageStyles['side']}>
          {current.failure !== undefined && <FaultNotice fault={current.failure} />}
          {status.type !== 'failed' && help !== 'none' && state.pages.length === 0 && (
            <Notice tone="info" title={t('materials.cameraHint')} />
          )}
          {status.type !== 'failed' && (
            <Button
              size="primary"
              kind={isEnough(props) ? 'secondary' : 'primary'}
              isWide
              icon={<Camera aria-hidden="true" />}
              isDisabled={!isSettled || isFull}
              onPress={shoot}
            >
              {t('materials.shoot')}
            </Button>
          )}
          {(status.type === 'failed' || help === 'otherWay') && <OtherWays {...props} />}
          <HeldPages state={state} view={view} />
        </div>
      </div>
    </StagePage>
  );
};
