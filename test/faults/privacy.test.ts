// What a citizen's card, code or paper said stands in no wire trace and in no log, in whichever of the usual encodings.

import { describe, expect, it } from 'vitest';
import { isOnline, onlineLimitMs } from './findings.ts';
import { findRehearsals } from './rehearsals.ts';
import { startStage } from './stage.ts';

const personalKinds = ['id-card-reader', 'qr-reader', 'document-scanner'] as const;
/** Shorter words are found anywhere by chance. */
const shortest = 6;
const bytesLooked = 24;

/** Texts and bytes of a reply, at any depth. */
const contentsOf = (value: unknown): Uint8Array[] => {
  if (value instanceof Uint8Array) return value.length >= shortest ? [value] : [];
  if (typeof value === 'string')
    return value.length >= shortest ? [Buffer.from(value, 'utf8'), Buffer.from(value, 'utf16le')] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    // Words of the interface, not of the document.
    ['type', 'mediaType', 'format', 'layout'].includes(key) ? [] : contentsOf(inner),
  );
};

const spaced = (bytes: Uint8Array): string =>
  [...bytes.subarray(0, bytesLooked)].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');

const rehearsals = await findRehearsals();

describe.each(personalKinds)('%s', (kind) => {
  const cases = rehearsals
    .filter(({ definition }) => definition.kind === kind)
    .flatMap((rehearsed) =>
      rehearsed.rehearsal.commands.map((command) => ({
        name: `${rehearsed.name} ${command.name}`,
        rehearsed,
        command,
      })),
    );

  it.each(cases)('$name', async ({ rehearsed, command }) => {
    const stage = startStage(rehearsed);
    await stage.until(() => isOnline(stage), onlineLimitMs);
    const performance = stage.perform(command, 'first');
    await stage.until(() => performance.settled() !== undefined, command.timeoutMs + 1000);
    const result = performance.settled();
    const contents = contentsOf(
      result?.ok === true && rehearsed.definition.commands.length > 0 ? result.value : undefined,
    );
    const trace = stage
      .device()
      .trace()
      .filter(({ direction }) => direction !== 'out')
      .map(({ hex, label }) => `${hex} ${label}`)
      .join('\n');
    const log = stage.logged().join('\n');
    const told = contents.filter(
      (bytes) => trace.includes(spaced(bytes)) || log.includes(Buffer.from(bytes).toString('utf8')),
    );
    await stage.end();
    expect(told.map((bytes) => Buffer.from(bytes).toString('utf8'))).toEqual([]);
  });
});
