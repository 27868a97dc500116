// What every code reader offers, whatever its protocol.

import type { Device } from '../kit/device.ts';

/** `bytes` as read; `text` by UTF-8, else GB18030. `symbology` is an AIM identifier such as `]Q1` where the reader tells it. */
export type ScannedCode = { bytes: Uint8Array; text: string; encoding: 'utf-8' | 'gb18030'; symbology?: string };

export type QrCommand =
  /** Waits for the next code. A code that arrives while nobody waits is discarded. */
  | { type: 'readCode' }
  | { type: 'beep' }
  /** Asks the reader who it is; `unsupportedCommand` where it cannot be asked. */
  | { type: 'query' };

export type QrReply = { type: 'code'; code: ScannedCode } | { type: 'done' };

export type QrNotice = {
  type: 'discardedCode';
  reason: 'nobodyWaits' | 'repeated' | 'tooLong' | 'unreadableText';
  length: number;
};

export type QrReader = Device<QrCommand, QrReply, QrNotice>;
