// Logs are for engineers: events with codes, never a citizen's data. pino writes them; a keyed hash stands for an identity.

import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';

export type { Logger };

/** Names of members that can only be a citizen's data: blanked wherever they turn up. */
const privateMembers = [
  'name',
  'number',
  'idNumber',
  'address',
  'phone',
  'text',
  'card',
  'person',
  'form',
  'pin',
  'key',
  'keyBase64',
];

export const createLogger = (directory: string, level: string): Logger => {
  mkdirSync(directory, { recursive: true, mode: 0o750 });
  const day = new Date().toISOString().slice(0, 10);
  const stream = createWriteStream(join(directory, `host-${day}.log`), { flags: 'a', mode: 0o640 });
  // A full disk must not take the host down with it.
  stream.on('error', () => undefined);
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: privateMembers.flatMap((member) => [member, `*.${member}`, `*.*.${member}`]), censor: '***' },
    },
    stream,
  );
};

/** Standard error, for whoever starts the host by hand and for the system's journal. */
export const consoleLogger = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
