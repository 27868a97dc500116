// The keys that this kiosk knows: those of `kiosk.json`, and those that the centre sent down signed. The file goes first: what an
// engineer wrote there is not replaced from afar under the same id.

import type { TokenAlgorithm, TokenKey, TokenPurpose } from '../contract/tokens.ts';
import { tokenPurposes } from '../contract/tokens.ts';
import { readTokenKey, type IssuerKey } from './keys.ts';

/** Keys that cannot be read are told to `onBad` and left out; the others serve. */
export const readIssuers = (
  lists: readonly (readonly TokenKey[])[],
  onBad: (message: string) => void,
): ReadonlyMap<string, IssuerKey> => {
  const keys = new Map<string, IssuerKey>();
  for (const key of lists.flat()) {
    if (keys.has(key.id)) continue;
    const read = readTokenKey(key);
    if (read.ok) keys.set(key.id, read.value);
    else onBad(read.error.message);
  }
  return keys;
};

type KeyLists = readonly (readonly TokenKey[])[];

/** The keys as they are now: read again only when a list is another one than before. */
export const createIssuerBook = (
  lists: () => KeyLists,
  onBad: (message: string) => void,
): (() => ReadonlyMap<string, IssuerKey>) => {
  let read: { lists: KeyLists; keys: ReadonlyMap<string, IssuerKey> } | undefined;
  const isSame = (now: KeyLists, before: KeyLists): boolean =>
    now.every((list, at) => list === before[at] || list.length + (before[at]?.length ?? 0) === 0);
  return () => {
    const now = lists();
    if (!read || !isSame(now, read.lists)) read = { lists: now, keys: readIssuers(now, onBad) };
    return read.keys;
  };
};

/** Purposes that some key may sign here. A key that is over counts: its codes are refused with a reason. */
export const purposesOf = (
  keys: ReadonlyMap<string, IssuerKey>,
  algorithms: readonly TokenAlgorithm[],
): ReadonlySet<TokenPurpose> =>
  new Set(
    tokenPurposes.filter((purpose) =>
      [...keys.values()].some((key) => algorithms.includes(key.algorithm) && key.purposes.includes(purpose)),
    ),
  );
