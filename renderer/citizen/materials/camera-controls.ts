// What the configuration wants of a document camera → what is asked of it. Pure: knows names of cameras and lists of abilities, no
// camera.
//
//   wanted ─▶ getUserMedia constraints ─▶ track ─▶ its capabilities ─▶ controls that it really has ─▶ applyConstraints
//
// Source: W3C Media Capture and Streams (resolution), W3C MediaStream Image Capture 10 (focus, exposure, white balance).

import type { CameraWanted } from '../../../main/contract/view.ts';

/** Without `ideal` Chromium gives 640x480; `resizeMode: 'none'` forbids a picture scaled up from a smaller one. */
export const frameWanted = (wanted: CameraWanted | undefined) =>
  ({
    width: { ideal: wanted?.widthPx ?? 3840 },
    height: { ideal: wanted?.heightPx ?? 2160 },
    frameRate: { ideal: 15 },
    resizeMode: 'none',
  }) as const;

/** Chromium on Linux ends a camera's name with its USB id. */
const usbIdOf = (label: string): string | undefined =>
  /\(([0-9a-f]{4}:[0-9a-f]{4})\)\s*$/i.exec(label)?.[1]?.toLowerCase();

/** Whether the configuration names a camera at all. */
export const isNamed = (wanted: CameraWanted | undefined): boolean =>
  wanted?.labelHint !== undefined || wanted?.usbId !== undefined;

/** Whether a camera of this name is the configured one. A name without a USB id is not held against one. */
export const isWanted = (label: string, wanted: CameraWanted | undefined): boolean => {
  const { labelHint, usbId } = wanted ?? {};
  if (labelHint !== undefined && !label.toLowerCase().includes(labelHint.toLowerCase())) return false;
  const found = usbIdOf(label);
  return usbId === undefined || found === undefined ? labelHint !== undefined : found === usbId;
};

/** Whether a camera of this name surely is another one: its USB id says so. */
export const isOther = (label: string, wanted: CameraWanted | undefined): boolean => {
  const found = usbIdOf(label);
  return wanted?.usbId !== undefined && found !== undefined && found !== wanted.usbId;
};

type Range = { min?: number; max?: number };

/** The part of `MediaTrackCapabilities` that is used; the DOM's own types do not have it yet. */
export type ControlCapabilities = {
  focusMode?: readonly string[];
  focusDistance?: Range;
  exposureMode?: readonly string[];
  exposureTime?: Range;
  whiteBalanceMode?: readonly string[];
  colorTemperature?: Range;
};

export type ControlConstraint = Record<string, string | number>;

const within = (value: number, { min = -Infinity, max = Infinity }: Range): number =>
  Math.min(max, Math.max(min, value));

const controls = [
  { want: 'focus', mode: 'focusMode', value: 'focusDistance' },
  { want: 'exposure', mode: 'exposureMode', value: 'exposureTime' },
  { want: 'whiteBalance', mode: 'whiteBalanceMode', value: 'colorTemperature' },
] as const;

/**
 * One constraint for each control that is wanted and that the camera has, its value within the camera's range. What it does not have is
 * left out: asking for it would fail, and a picture without it is better than none.
 */
export const controlsFor = (
  wanted: CameraWanted | undefined,
  capabilities: ControlCapabilities,
): readonly ControlConstraint[] =>
  controls.flatMap(({ want, mode, value }): ControlConstraint[] => {
    const wish = wanted?.[want];
    const modes = capabilities[mode] ?? [];
    if (wish === undefined) return [];
    if (wish === 'auto') return modes.includes('continuous') ? [{ [mode]: 'continuous' }] : [];
    const range = capabilities[value];
    if (range === undefined) return [];
    return [{ ...(modes.includes('manual') ? { [mode]: 'manual' } : {}), [value]: within(wish, range) }];
  });

/** Size of the picture as it is shown and kept, after turning. */
export const turned = (
  size: { widthPx: number; heightPx: number },
  rotationDeg: CameraWanted['rotationDeg'],
): { widthPx: number; heightPx: number } =>
  rotationDeg === 90 || rotationDeg === 270 ? { widthPx: size.heightPx, heightPx: size.widthPx } : size;
