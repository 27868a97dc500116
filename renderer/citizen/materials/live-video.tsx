// The live picture of the document camera. Says when the exposure has settled; lets go of the stream when it leaves.

import { useLayoutEffect, useRef, type Ref } from 'react';
import type { CameraWanted } from '../../../main/contract/view.ts';
import styles from './camera-stage.module.css';

export type LiveVideoProps = {
  ref: Ref<HTMLVideoElement>;
  label: string;
  stream: MediaStream | undefined;
  /** Clockwise. */
  rotationDeg: CameraWanted['rotationDeg'];
  isSettled: boolean;
  onSettled: (stream: MediaStream) => void;
};

/** The exposure settles over the first frames; a shot before that is dark or burnt. */
const settlingFrames = 8;

export const LiveVideo = ({ ref, label, stream, rotationDeg, isSettled, onSettled }: LiveVideoProps) => {
  const room = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const video = room.current?.querySelector('video');
    if (!video || stream === undefined) return undefined;
    video.srcObject = stream;
    let frames = 0;
    let request = 0;
    const count = (): void => {
      frames += 1;
      if (frames >= settlingFrames) onSettled(stream);
      else request = video.requestVideoFrameCallback(count);
    };
    request = video.requestVideoFrameCallback(count);
    return () => {
      video.cancelVideoFrameCallback(request);
      video.srcObject = null;
    };
  }, [stream, onSettled]);
  return (
    <div
      ref={room}
      className={styles['live']}
      data-settled={isSettled || undefined}
      data-lying={rotationDeg === 90 || rotationDeg === 270 || undefined}
      style={{ ['--turn' as string]: `${rotationDeg}deg` }}
    >
      <video ref={ref} aria-label={label} autoPlay muted playsInline />
    </div>
  );
};
