// The document camera (高拍仪): a UVC camera opened by the page at its full resolution, and closed for certain.
// Before it: the capture stage. After it: a MediaStream for the <video>, and `cameraState` intents for the host.
//
//   opening ──► live ──track ended──► lost ──devicechange, 1 s──► opening
//      └─► missing | denied | lost (used by another program)        close() stops every track, also one that comes late

/** Why there is no picture, in the contract's words. `lost`: unplugged, or another program holds it. */
export type CameraFault = 'missing' | 'denied' | 'lost';

export type CameraStatus =
  | { type: 'opening' }
  | { type: 'live'; stream: MediaStream; label: string; widthPx: number; heightPx: number }
  | { type: 'failed'; fault: CameraFault };

/** The part of `navigator.mediaDevices` that is used. */
export type CameraMedia = Pick<
  MediaDevices,
  'getUserMedia' | 'enumerateDevices' | 'addEventListener' | 'removeEventListener'
>;

export type Camera = {
  /** Opens again, e.g. after the cable was put back. */
  retry(): void;
  /** Stops all tracks. Nothing is reported after it. */
  close(): void;
};

/** A camera that was just plugged in answers "in use" or nothing for about a second. */
export const reopenDelayMs = 1000;

/** Without `ideal` Chromium gives 640x480; `resizeMode: 'none'` forbids a picture scaled up from a smaller one. */
const fullFrame = {
  width: { ideal: 3840 },
  height: { ideal: 2160 },
  frameRate: { ideal: 15 },
  resizeMode: 'none',
} as const;

const stopAll = (stream: MediaStream | undefined): void => {
  for (const track of stream?.getTracks() ?? []) track.stop();
};

const matches = (label: string, hint: string): boolean => label.toLowerCase().includes(hint.toLowerCase());

/** Chromium's error names; everything else (NotReadableError, AbortError) means that the camera is there but not for us. */
const faultOf = (error: unknown): CameraFault => {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
  return 'lost';
};

/**
 * Opens the camera whose label contains `labelHint`. A hall machine often has a second camera for the face with nearly
 * the same name: with a hint, several cameras and no match none is opened, because a wrong one would film the person.
 * A single camera is taken even if its name differs, since there is nothing to mix it up with.
 */
export const openCamera = (
  media: CameraMedia | undefined,
  labelHint: string | undefined,
  report: (status: CameraStatus) => void,
): Camera => {
  let stream: MediaStream | undefined;
  let isClosed = false;
  /** Grows with each attempt, so that an answer of an older one is stopped instead of shown. */
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isLive = false;

  const cameras = async (of: CameraMedia): Promise<MediaDeviceInfo[]> =>
    (await of.enumerateDevices()).filter((device) => device.kind === 'videoinput');

  const ask = (of: CameraMedia, deviceId: string | undefined): Promise<MediaStream> =>
    of.getUserMedia({
      video: { ...fullFrame, ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }) },
      audio: false,
    });

  const find = async (of: CameraMedia): Promise<MediaStream | undefined> => {
    // Labels are empty until the first permission; then the first answer is checked against the hint below.
    const known = labelHint === undefined ? undefined : (await cameras(of)).find((d) => matches(d.label, labelHint));
    const first = await ask(of, known?.deviceId);
    let isKept = false;
    try {
      const label = first.getVideoTracks()[0]?.label ?? '';
      const all = labelHint === undefined || matches(label, labelHint) ? [] : await cameras(of);
      const wanted = all.find((device) => matches(device.label, labelHint ?? ''));
      isKept = wanted === undefined && all.length <= 1;
      if (isKept) return first;
      stopAll(first);
      return wanted === undefined ? undefined : await ask(of, wanted.deviceId);
    } finally {
      if (!isKept) stopAll(first);
    }
  };

  const open = async (): Promise<void> => {
    const mine = ++attempt;
    const isStale = (): boolean => isClosed || mine !== attempt;
    stopAll(stream);
    stream = undefined;
    isLive = false;
    report({ type: 'opening' });
    let found: MediaStream | undefined;
    let fault: CameraFault = 'missing';
    try {
      if (media !== undefined) found = await find(media);
    } catch (error) {
      fault = faultOf(error);
    }
    if (isStale()) {
      stopAll(found);
      return;
    }
    const track = found?.getVideoTracks()[0];
    if (found === undefined || track === undefined) {
      report({ type: 'failed', fault });
      return;
    }
    stream = found;
    isLive = true;
    track.addEventListener('ended', () => {
      if (isStale()) return;
      stopAll(stream);
      stream = undefined;
      isLive = false;
      report({ type: 'failed', fault: 'lost' });
    });
    const settings = track.getSettings();
    report({
      type: 'live',
      stream: found,
      label: track.label,
      widthPx: settings.width ?? 0,
      heightPx: settings.height ?? 0,
    });
  };

  const reopenSoon = (): void => {
    if (isClosed || isLive) return;
    clearTimeout(timer);
    timer = setTimeout(() => void open(), reopenDelayMs);
  };

  media?.addEventListener('devicechange', reopenSoon);
  void open();

  return {
    retry: () => {
      clearTimeout(timer);
      if (!isClosed) void open();
    },
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      media?.removeEventListener('devicechange', reopenSoon);
      stopAll(stream);
      stream = undefined;
    },
  };
};
