// Which kiosks there are, and by which keys they are known; the books hold the keys' hashes.

import { createHash } from 'node:crypto';
import type { Books } from './books.ts';

/** Which kiosk a bearer key belongs to. */
export type Kiosks = {
  of(bearer: string | undefined): Promise<string | undefined>;
  /** Whether the key may speak for the kiosk. Where no keys were set up, the first key that comes with an id is the kiosk's. */
  mayActAs(bearer: string | undefined, kioskId: string): Promise<boolean>;
};

const digestOf = (key: string): string => createHash('sha256').update(key, 'utf8').digest('hex');

export const openKiosks = async (
  books: Books,
  kioskKeys: Readonly<Record<string, string>> | undefined,
): Promise<Kiosks> => {
  for (const [kioskId, key] of Object.entries(kioskKeys ?? {}))
    await books.run(
      'INSERT INTO kiosks VALUES (?, ?) ON CONFLICT (kiosk_id) DO UPDATE SET key_sha256 = excluded.key_sha256',
      kioskId,
      digestOf(key),
    );
  const of: Kiosks['of'] = async (bearer) =>
    bearer === undefined
      ? undefined
      : (await books.get<{ id: string }>('SELECT kiosk_id AS id FROM kiosks WHERE key_sha256 = ?', digestOf(bearer)))
          ?.id;
  return {
    of,
    async mayActAs(bearer, kioskId) {
      const known = await of(bearer);
      if (known !== undefined) return known === kioskId;
      if (kioskKeys !== undefined || bearer === undefined) return false;
      // Of two keys that come at once with one id, one is first; the other is then nobody's.
      await books.run('INSERT INTO kiosks VALUES (?, ?) ON CONFLICT DO NOTHING', kioskId, digestOf(bearer));
      return (await of(bearer)) === kioskId;
    },
  };
};
