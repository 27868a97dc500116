// The document camera for as long as the capture stage is on the screen. The host hears how the camera is whenever that changes.

import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { CameraWanted } from '../../../main/contract/view.ts';
import { useHost } from '../../connection.ts';
import { openCamera, type Camera, type CameraStatus } from './camera.ts';

/** `retry` opens it again after a fault. Leaving the stage stops all tracks. */
export const useCamera = (given: CameraWanted | undefined): { status: CameraStatus; retry: () => void } => {
  const { send } = useHost();
  // Every view brings a new object that says the same; the camera must not be opened afresh for it.
  const text = given && JSON.stringify(given);
  const wanted = useMemo(() => (text === undefined ? undefined : (JSON.parse(text) as CameraWanted)), [text]);
  const [status, setStatus] = useState<CameraStatus>({ type: 'opening' });
  const camera = useRef<Camera>(undefined);

  // A layout effect, because its end is part of the same commit that takes the stage away: an ordinary one ends some frames later,
  // and so long the camera would still film.
  useLayoutEffect(() => {
    let told = '';
    const report = (next: CameraStatus): void => {
      setStatus(next);
      if (next.type === 'opening') return;
      const state = next.type === 'live' ? 'ready' : next.fault;
      if (told === state) return;
      told = state;
      const label = next.type === 'live' ? next.label.slice(0, 200) : '';
      void send({ type: 'cameraState', state, ...(label === '' ? {} : { label }) });
    };
    // Without a secure context `mediaDevices` is not there at all, whatever its type says.
    const media = navigator.mediaDevices as MediaDevices | undefined;
    const opened = openCamera(media, wanted, report);
    camera.current = opened;
    return () => opened.close();
  }, [wanted, send]);

  return { status, retry: useCallback(() => camera.current?.retry(), []) };
};
