// The demo's document camera: Chromium's fake device, fed from a file of a photographed page (Motion JPEG: pictures end to end).

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const framesInFile = 2;

export type Camera = { cameraFile: string; cameraFlags: string[] };

/** Writes `camera.mjpeg` into `directory`; the flags make Chromium use it without asking. */
export const writeCameraFile = async (directory: string): Promise<Camera> => {
  const picture = await readFile(new URL('pages/lease.jpg', import.meta.url));
  const cameraFile = join(directory, 'camera.mjpeg');
  await writeFile(cameraFile, Buffer.concat(Array.from({ length: framesInFile }, () => picture)));
  return {
    cameraFile,
    cameraFlags: [
      '--use-fake-device-for-media-stream=fps=10',
      // The kiosk's own flags already accept the camera; the fake permission dialog beside them crashes Chromium.
      `--use-file-for-fake-video-capture=${cameraFile}`,
    ],
  };
};
