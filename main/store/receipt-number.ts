// Receipt numbers that people read out over the telephone: `HALL01-261122-0007-K` = kiosk, day, serial, check character.
// The check character is ISO/IEC 7064 MOD 37,36: it catches every single wrong character and nearly every swapped pair.

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

const checkCharacterOf = (text: string): string => {
  let product = 36;
  for (const character of text) {
    const value = alphabet.indexOf(character);
    if (value < 0) throw new RangeError(`${character} cannot stand in a receipt number`);
    const sum = (product + value) % 36 || 36;
    product = (sum * 2) % 37;
  }
  return alphabet[(37 - product) % 36] ?? '0';
};

/** The last parts of the kiosk's id, upper case, eight at most. Halls whose kiosks would share one configure their own. */
export const shortIdOf = (kioskId: string): string => {
  const parts = kioskId.toUpperCase().split(/[^A-Z0-9]+/);
  let short = '';
  for (const part of parts.toReversed()) {
    if (short !== '' && short.length + part.length > 8) break;
    short = part + short;
  }
  return short.slice(-8);
};

/** `day`: `2026-11-22`; `serial` from 1, at least four digits. */
export const receiptNumberOf = (shortId: string, day: string, serial: number): string => {
  const date = day.replaceAll('-', '').slice(2);
  const number = String(serial).padStart(4, '0');
  return `${shortId}-${date}-${number}-${checkCharacterOf(`${shortId}${date}${number}`)}`;
};

/** Whether the check character fits; lower case and blanks are forgiven, as people type them. */
export const isReceiptNumber = (text: string): boolean => {
  const plain = text.toUpperCase().replaceAll(/[^0-9A-Z]/g, '');
  return plain.length >= 12 && checkCharacterOf(plain.slice(0, -1)) === plain.slice(-1);
};
