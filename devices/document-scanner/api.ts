// What every document scanner that the host drives offers. (Document cameras live in the page, as Chromium video.)

import type { Device } from '../kit/device.ts';
import type { Who } from '../kit/result.ts';

export type ScanCommand =
  /** One page from the glass, or every page that lies in the feeder. */
  | {
      type: 'scanPage';
      source: 'platen' | 'feeder';
      colour: 'colour' | 'grey';
      resolutionDpi: 150 | 200 | 300;
    }
  /** Asks the scanner for its options; nothing moves. */
  | { type: 'listOptions' }
  /** Scans a few millimetres at low resolution and throws them away. */
  | { type: 'testLine' };

export type ScannedPage = { mediaType: 'image/png' | 'image/jpeg'; bytes: Uint8Array };

/** Values as the scanner spells them; an empty list where it has no such option. */
export type ScannerOptions = {
  sources: readonly string[];
  modes: readonly string[];
  /** Either a list or a range in dots per inch. */
  resolutions: readonly number[] | { min: number; max: number };
  /** Largest area in millimetres, where the scanner tells it. */
  widthMm?: number;
  heightMm?: number;
};

/** What stopped a stack in its middle, as a failure code with words. The pages before it are whole. */
export type CutShort = { code: 'stackJammed' | 'stackCoverOpen' | 'stackBrokenOff'; who: Who };

export type ScanReply =
  /** At least one page, in the order of the feeder. `cutShort`: these came whole, and then the feeder stopped. */
  | { type: 'pages'; pages: readonly ScannedPage[]; cutShort?: CutShort }
  | { type: 'options'; options: ScannerOptions }
  | { type: 'lineScanned'; lengthBytes: number };

/** Failure codes beside the common ones are the keys of faults.ts. `percent` is that of the page that is being scanned. */
export type ScanNotice = { type: 'progress'; percent: number };

export type DocumentScanner = Device<ScanCommand, ScanReply, ScanNotice>;
