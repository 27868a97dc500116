// The shot: frozen, the page found and framed. Take it so, cut nothing, move an edge by buttons, or take it again.

import { ArrowUpToLine, Check, RotateCcw, Scan, ZoomIn, ZoomOut } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import { Button } from '../../ui/components/button.tsx';
import { Choice } from '../../ui/components/choice.tsx';
import { Notice } from '../../ui/components/notice.tsx';
import { useT } from '../../ui/i18n/i18n.ts';
import { canNudge, nudge, type Edge } from './crop.ts';
import { findPage, wholePicture, type Crop } from './find-page.ts';
import { cutOut, forget, greyOf } from './picture.ts';
import styles from './shot-stage.module.css';
import { StagePage } from './stage-page.tsx';
import type { StageProps } from './stage.ts';
import stageStyles from './stage.module.css';

export type ShotStageProps = StageProps & {
  /** The frame at the camera's full size; stays the caller's. */
  frame: HTMLCanvasElement;
  onAgain: () => void;
  /** Rejects when the host did not take the picture. */
  onUse: (picture: Blob) => Promise<void>;
};

/** Longest side of the preview: sharp on the glass, a quarter of the memory of the shot. */
const previewLongPx = 1920;
const edges = ['top', 'bottom', 'left', 'right'] as const satisfies readonly Edge[];
const turns = { top: 0, bottom: 180, left: -90, right: 90 } as const;

const isWhole = (crop: Crop): boolean => edges.every((edge) => crop[edge] === wholePicture[edge]);
const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

export const ShotStage = (props: ShotStageProps) => {
  const { frame, onAgain, onUse } = props;
  const t = useT();
  const [found] = useState(() => findPage(greyOf(frame)));
  const [crop, setCrop] = useState<Crop>(found ?? wholePicture);
  const [edge, setEdge] = useState<Edge>();
  const [isSaving, setIsSaving] = useState(false);
  const [hasFailed, setHasFailed] = useState(false);
  const preview = useRef<HTMLCanvasElement>(null);

  useLayoutEffect(() => {
    const element = preview.current;
    if (element === null) return undefined;
    const scale = Math.min(1, previewLongPx / Math.max(frame.width, frame.height));
    element.width = Math.round(frame.width * scale);
    element.height = Math.round(frame.height * scale);
    element.getContext('2d')?.drawImage(frame, 0, 0, element.width, element.height);
    return () => forget(element);
  }, [frame]);

  const use = async (): Promise<void> => {
    setIsSaving(true);
    setHasFailed(false);
    try {
      await onUse(await cutOut(frame, crop));
    } catch {
      // The picture is still here: the same button tries again.
      setHasFailed(true);
      setIsSaving(false);
    }
  };

  return (
    <StagePage
      {...props}
      lead={t('materials.isItClear')}
      back={{
        label: t('materials.again'),
        icon: <RotateCcw aria-hidden="true" />,
        isDisabled: isSaving,
        onPress: onAgain,
      }}
      primary={{
        label: t('materials.useShot'),
        icon: <Check aria-hidden="true" />,
        isBusy: isSaving,
        onPress: () => void use(),
      }}
    >
      <div className={stageStyles['stage']}>
        <div className={styles['room']}>
          <div className={styles['shot']} style={{ ['--ratio' as string]: frame.width / frame.height }}>
            <canvas ref={preview} role="img" aria-label={t('materials.shot')} />
            <div
              className={styles['crop']}
              data-edge={edge}
              style={{
                left: percent(crop.left),
                top: percent(crop.top),
                width: percent(crop.right - crop.left),
                height: percent(crop.bottom - crop.top),
              }}
            />
          </div>
        </div>
        <div className={stageStyles['side']}>
          {hasFailed && (
            <Notice tone="attention" title={t('materials.saveFailed')} isLive>
              {t('materials.saveFailedTodo')}
            </Notice>
          )}
          <Choice
            label={t('materials.cut')}
            isLabelHidden
            columns={2}
            value={isWhole(crop) ? 'whole' : 'found'}
            options={[
              {
                value: 'found',
                label: t('materials.cutFound'),
                isDisabled: found === undefined && isWhole(crop),
                detail: found === undefined ? t('materials.cutNotFound') : undefined,
              },
              { value: 'whole', label: t('materials.cutWhole') },
            ]}
            onChange={(value) => {
              setEdge(undefined);
              setCrop(value === 'whole' ? wholePicture : (found ?? crop));
            }}
          />
          {edge === undefined ? (
            <Button isWide icon={<Scan aria-hidden="true" />} onPress={() => setEdge('top')}>
              {t('materials.adjust')}
            </Button>
          ) : (
            <div className={styles['edges']} role="group" aria-label={t('materials.adjust')}>
              {edges.map((each) => (
                <Button
                  key={each}
                  isSelected={edge === each}
                  icon={<ArrowUpToLine style={{ rotate: `${turns[each]}deg` }} aria-hidden="true" />}
                  onPress={() => setEdge(each)}
                >
                  {t(`materials.edge.${each}`)}
                </Button>
              ))}
              <div className={styles['moves']}>
                <Button
                  isWide
                  icon={<ZoomOut aria-hidden="true" />}
                  isDisabled={!canNudge(crop, edge, true)}
                  onPress={() => setCrop(nudge(crop, edge, true))}
                >
                  {t('materials.outwards')}
                </Button>
                <Button
                  isWide
                  icon={<ZoomIn aria-hidden="true" />}
                  isDisabled={!canNudge(crop, edge, false)}
                  onPress={() => setCrop(nudge(crop, edge, false))}
                >
                  {t('materials.inwards')}
                </Button>
              </div>
            </div>
          )}
        </div>
      </div>
    </StagePage>
  );
};
