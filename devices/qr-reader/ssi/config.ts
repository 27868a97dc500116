// Settings of a code reader that speaks SSI. The link (port, baud rate, RTS/CTS) is configured beside them.

import { z } from 'zod';
import { commonSettings, lineSettings } from '../config.ts';

export const ssiQrConfigSchema = z.strictObject({
  ...commonSettings,
  /** For text that the reader sends without packets. */
  ...lineSettings,
  /** The reader is switched on for one code and off again (host trigger). `false`: it reads by itself. */
  isTriggered: z.boolean().default(true),
  /**
   * Ask at every connection for packets (and, where `isTriggered`, for host trigger), in memory that a power cut clears. `false`:
   * the reader is left as it was set by its bar codes.
   */
  setsMode: z.boolean().default(true),
  /**
   * Whether text without a packet is a code: the factory setting of many readers, but unprotected. `untilPackets`: until the
   * reader has sent its first code in a packet.
   */
  rawText: z.enum(['untilPackets', 'always', 'never']).default('untilPackets'),
  /** A 00 and 50 ms before every command, for RS-232 without RTS/CTS: a reader asleep loses the first byte. */
  wakesUp: z.boolean().default(false),
  /** A command without an answer is sent again after this long, twice at most. */
  replyTimeoutMs: z.int().min(200).max(5000).default(1000),
  /** Of a code in several packets, whether each or only the first says its bar-code type. */
  hasTypeInEveryPacket: z.boolean().default(false),
});

export type SsiQrConfig = z.infer<typeof ssiQrConfigSchema>;
