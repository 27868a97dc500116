// What the machine needs of a protocol: bytes to send and times. How keys look on the wire is the codec's.

import type { PadProtocol } from './config.ts';
import { bytesOfHex } from './pattern.ts';

export type PadScript = {
  open: readonly Uint8Array[];
  prompt: readonly Uint8Array[];
  cancel: readonly Uint8Array[];
  timeoutMs: number;
  guardMs: number;
  bounceMs: number;
  heartbeat?: { send: Uint8Array; everyMs: number };
};

type Lines = Pick<PadProtocol, 'open' | 'prompt' | 'cancel' | 'timeoutMs' | 'guardMs' | 'bounceMs'> & {
  heartbeat?: { send: string; everyMs: number } | undefined;
};

/** `frame`: what becomes of a line of hex on its way out; a HID report is filled up to its length. */
export const scriptOf = (lines: Lines, frame: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes): PadScript => {
  const bytesOf = (hex: string): Uint8Array => frame(bytesOfHex(hex));
  const { timeoutMs, guardMs, bounceMs, heartbeat } = lines;
  return {
    open: lines.open.map(bytesOf),
    prompt: lines.prompt.map(bytesOf),
    cancel: lines.cancel.map(bytesOf),
    timeoutMs,
    guardMs,
    bounceMs,
    ...(heartbeat ? { heartbeat: { send: bytesOf(heartbeat.send), everyMs: heartbeat.everyMs } } : {}),
  };
};
