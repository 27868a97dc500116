// The document camera (高拍仪): a UVC camera opened by the page at its full resolution, and closed for certain.
// Before it: the capture stage. After it: a MediaStream for the <video>, and `cameraState` intents for the host.
//
//   opening ──► live ──track ended, or gone from the list──► lost ──devicechange, 1 s──► opening
//      └─► missing | denied | lost (used by another program: tried again by itself)
//   close() stops every track, also one that comes late

import type { CameraWanted } from '../../../main/contract/view.ts';
import {
  controlsFor,
  frameWanted,
  isNamed,
  isOther,
  isWanted,
  type ControlCapabilities,
  type ControlConstraint,
} from './camera-controls.ts';

/** Why there is no picture, in the contract's words. `lost`: unplugged, or another program holds it. */
export type CameraFault = 'missing' | 'denied' | 'lost';

export type CameraStatus =
  | { type: 'opening' }
  /** The size is that of the stream, before it is turned. */
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

/** What the page learnt about its cameras since it was loaded. */
export type CameraMemory = { hasSeenWanted: boolean };
const pageMemory: CameraMemory = { hasSeenWanted: false };

/** A camera that was just plugged in answers "in use" or nothing for about a second. */
export const reopenDelayMs = 1000;
/** One that is still held is tried again, less and less often, without the screen flickering. */
export const againMs = [2000, 5000, 10_000] as const;

const stopAll = (stream: MediaStream | undefined): void => {
  for (const track of stream?.getTracks() ?? []) track.stop();
};

/** Chromium's error names; everything else (NotReadableError, AbortError) means that the camera is there but not for us. */
const faultOf = (error: unknown): CameraFault => {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
  return 'lost';
};

/** Sets what the camera can set. A control that fails leaves the picture as it is. */
const applyControls = async (track: MediaStreamTrack, wanted: CameraWanted | undefined): Promise<void> => {
  const capabilities = (track.getCapabilities?.() ?? {}) as ControlCapabilities;
  // Each call replaces what the one before asked for, so those that were taken are asked for again with the next.
  const taken: ControlConstraint[] = [];
  for (const control of controlsFor(wanted, capabilities)) {
    try {
      await track.applyConstraints({ ...frameWanted(wanted), advanced: [...taken, control] });
      taken.push(control);
    } catch {
      // Its driver lists the control and refuses the value: nothing that a person in front of the screen could mend.
    }
  }
};

/**
 * Opens the configured camera. A hall machine often has a second camera for the face with nearly the same name: with a name, several
 * cameras and no match none is opened, because a wrong one would film the person. A single camera is taken even if its name differs,
 * since there is nothing to mix it up with; not any more once the right one was seen, and never one whose USB id is another.
 */
export const openCamera = (
  media: CameraMedia | undefined,
  wanted: CameraWanted | undefined,
  report: (status: CameraStatus) => void,
  memory: CameraMemory = pageMemory,
): Camera => {
  let stream: MediaStream | undefined;
  let isClosed = false;
  /** Grows with each attempt, so that an answer of an older one is stopped instead of shown. */
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wasLive = false;
  let failures = 0;

  const cameras = async (of: CameraMedia): Promise<MediaDeviceInfo[]> =>
    (await of.enumerateDevices()).filter((device) => device.kind === 'videoinput');

  const ask = (of: CameraMedia, deviceId: string | undefined): Promise<MediaStream> =>
    of.getUserMedia({
      video: { ...frameWanted(wanted), ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }) },
      audio: false,
    });

  const find = async (of: CameraMedia): Promise<MediaStream | undefined> => {
    // Labels are empty until the first permission; then the first answer is checked against the name below.
    const listed = isNamed(wanted) ? await cameras(of) : [];
    const known = listed.find(({ label }) => isWanted(label, wanted));
    const areNamesKnown = listed.some(({ label }) => label !== '');
    // The right one was here before and is not now: no other camera is even switched on for a moment.
    if (!known && areNamesKnown && memory.hasSeenWanted) return undefined;
    const first = await ask(of, known?.deviceId);
    let isKept = false;
    try {
      const label = first.getVideoTracks()[0]?.label ?? '';
      const isRight = !isNamed(wanted) || isWanted(label, wanted);
      const all = isRight ? [] : await cameras(of);
      const right = all.find((device) => isWanted(device.label, wanted));
      isKept = isRight || (right === undefined && all.length <= 1 && !memory.hasSeenWanted && !isOther(label, wanted));
      memory.hasSeenWanted ||= isNamed(wanted) && (isRight || right !== undefined);
      if (isKept) return first;
      stopAll(first);
      return right === undefined ? undefined : await ask(of, right.deviceId);
    } finally {
      if (!isKept) stopAll(first);
    }
  };

  const openLater = (delayMs: number, isQuiet: boolean): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void open(isQuiet), delayMs);
  };

  const failed = (fault: CameraFault): void => {
    // One that showed a picture before was pulled out, whatever the browser calls it now.
    const told = fault === 'missing' && wasLive ? 'lost' : fault;
    report({ type: 'failed', fault: told });
    if (fault !== 'lost') return;
    openLater(againMs[Math.min(failures, againMs.length - 1)] ?? 10_000, true);
    failures += 1;
  };

  const lose = (): void => {
    stopAll(stream);
    stream = undefined;
    report({ type: 'failed', fault: 'lost' });
  };

  const open = async (isQuiet: boolean): Promise<void> => {
    const mine = ++attempt;
    const isStale = (): boolean => isClosed || mine !== attempt;
    clearTimeout(timer);
    stopAll(stream);
    stream = undefined;
    if (!isQuiet) report({ type: 'opening' });
    let found: MediaStream | undefined;
    let fault: CameraFault = 'missing';
    try {
      if (media !== undefined) found = await find(media);
    } catch (error) {
      fault = faultOf(error);
    }
    const track = found?.getVideoTracks()[0];
    if (track && !isStale()) await applyControls(track, wanted);
    if (isStale()) {
      stopAll(found);
      return;
    }
    if (found === undefined || track === undefined) {
      failed(fault);
      return;
    }
    stream = found;
    wasLive = true;
    failures = 0;
    track.addEventListener('ended', () => {
      if (!isStale() && stream === found) lose();
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

  /** Some drivers end no track when the cable is pulled: then the list of devices tells. */
  const isGone = async (of: CameraMedia): Promise<boolean> => {
    const deviceId = stream?.getVideoTracks()[0]?.getSettings().deviceId;
    if (deviceId === undefined) return false;
    const listed = await cameras(of);
    return stream !== undefined && !listed.some((device) => device.deviceId === deviceId);
  };

  const onChange = (): void => {
    if (isClosed) return;
    failures = 0;
    if (stream === undefined) {
      openLater(reopenDelayMs, false);
      return;
    }
    const before = stream;
    if (media)
      void isGone(media)
        .then((gone) => {
          if (!gone || isClosed || stream !== before) return;
          lose();
          openLater(reopenDelayMs, false);
        })
        // A list that cannot be had says nothing about the picture that is there.
        .catch(() => undefined);
  };

  media?.addEventListener('devicechange', onChange);
  void open(false);

  return {
    retry: () => {
      if (!isClosed) void open(false);
    },
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      media?.removeEventListener('devicechange', onChange);
      stopAll(stream);
      stream = undefined;
    },
  };
};
