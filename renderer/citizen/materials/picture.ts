// Pictures of the document camera as pixels: a frame of the video, its grey miniature, the cut-out page as a JPEG.
// Everything here is personal data on a canvas, so every canvas is emptied by `forget` when its stage leaves the screen.

import type { CameraWanted } from '../../../main/contract/view.ts';
import { turned } from './camera-controls.ts';
import type { Crop, Grey } from './find-page.ts';

/** What `materials.addPage` takes at most, bytes. */
const mostBytes = 12 * 1024 * 1024;
/** Longest side of the miniature in which the page is looked for: fine enough for ±3 mm on A4, quick on any machine. */
const miniatureLongPx = 320;

const context = (canvas: HTMLCanvasElement): CanvasRenderingContext2D => {
  const found = canvas.getContext('2d', { willReadFrequently: false });
  if (found === null) throw new Error('this browser draws no canvas');
  return found;
};

/** The frame that the video shows now, at the stream's full size, turned clockwise. Undefined before the first frame. */
export const grabFrame = (
  video: HTMLVideoElement,
  rotationDeg: CameraWanted['rotationDeg'] = 0,
): HTMLCanvasElement | undefined => {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0 || videoHeight === 0) return undefined;
  const { widthPx, heightPx } = turned({ widthPx: videoWidth, heightPx: videoHeight }, rotationDeg);
  const canvas = document.createElement('canvas');
  canvas.width = widthPx;
  canvas.height = heightPx;
  const pen = context(canvas);
  pen.translate(widthPx / 2, heightPx / 2);
  pen.rotate((rotationDeg * Math.PI) / 180);
  pen.drawImage(video, -videoWidth / 2, -videoHeight / 2);
  return canvas;
};

/** Luminance of the frame, longest side about 320 px (ITU-R BT.601 weights). */
export const greyOf = (frame: HTMLCanvasElement): Grey => {
  const scale = Math.min(1, miniatureLongPx / Math.max(frame.width, frame.height));
  const small = document.createElement('canvas');
  small.width = Math.max(1, Math.round(frame.width * scale));
  small.height = Math.max(1, Math.round(frame.height * scale));
  const pen = context(small);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(frame, 0, 0, small.width, small.height);
  const { data: rgba } = pen.getImageData(0, 0, small.width, small.height);
  const data = new Uint8Array(small.width * small.height);
  for (let i = 0; i < data.length; i++)
    data[i] = (rgba[i * 4]! * 299 + rgba[i * 4 + 1]! * 587 + rgba[i * 4 + 2]! * 114) / 1000;
  const grey = { width: small.width, height: small.height, data };
  forget(small);
  return grey;
};

const encode = (canvas: HTMLCanvasElement, quality: number): Promise<Blob> =>
  new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('the picture could not be encoded')) : resolve(blob)),
      'image/jpeg',
      quality,
    ),
  );

/** The cut-out page as a JPEG of quality 0.9; less only where the picture would be too large to be taken. */
export const cutOut = async (frame: HTMLCanvasElement, crop: Crop): Promise<Blob> => {
  const left = Math.round(crop.left * frame.width);
  const top = Math.round(crop.top * frame.height);
  const page = document.createElement('canvas');
  page.width = Math.max(1, Math.round(crop.right * frame.width) - left);
  page.height = Math.max(1, Math.round(crop.bottom * frame.height) - top);
  try {
    context(page).drawImage(frame, left, top, page.width, page.height, 0, 0, page.width, page.height);
    const best = await encode(page, 0.9);
    return best.size <= mostBytes ? best : await encode(page, 0.7);
  } finally {
    forget(page);
  }
};

/** Frees a canvas' pixels now, not when the garbage collector comes. */
export const forget = (canvas: HTMLCanvasElement): void => {
  canvas.width = 0;
  canvas.height = 0;
};
