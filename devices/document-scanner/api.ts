// What every document scanner that the host drives offers. (Document cameras live in the page, as Chromium video.)

import type { Device } from '../kit/device.ts';

export type ScanCommand = {
  type: 'scanPage';
  source: 'platen' | 'feeder';
  colour: 'colour' | 'grey';
  resolutionDpi: 150 | 200 | 300;
};

export type ScannedPage = { mediaType: 'image/png' | 'image/jpeg'; bytes: Uint8Array };

export type ScanReply = { type: 'pages'; pages: readonly ScannedPage[] };

/** Failure codes beside the common ones: `jammed`, `feederEmpty`, `coverOpen`, `noMemory`. */
export type ScanNotice = { type: 'progress'; percent: number };

export type DocumentScanner = Device<ScanCommand, ScanReply, ScanNotice>;
