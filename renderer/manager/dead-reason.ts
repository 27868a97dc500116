// Why the platform sent something back, in words for the manager where the reason is one that staff must act on; else as it was said.

import type { Key, Translate } from '../ui/i18n/i18n.ts';

/** Codes stand before the first colon of a reason. */
const words: Readonly<Record<string, Key>> = { tokenAlreadySpent: 'console.dead.tokenAlreadySpent' };

export const deadReason = (reason: string, t: Translate): string => {
  const [code = ''] = reason.split(':');
  const key = Object.hasOwn(words, code) ? words[code] : undefined;
  return key === undefined ? reason : `${t(key)} (${reason})`;
};
