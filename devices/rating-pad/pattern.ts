// Byte templates, so that a pad is described by data: hex bytes, `??` for any byte, `05/0F` for a byte whose bits under the mask
// are these, `SUM` and `XOR` for a check byte over everything before it.
//
//   "AA ?? 05 SUM"  matches  AA 01 05 B0
//   "4B 01/0F"      matches  4B 31

/** `bits`: what the masked bits of the byte must be. */
type MaskedByte = { bits: number; mask: number };
export type Token = MaskedByte | 'sum' | 'xor';
export type Template = readonly Token[];

export const hexBytesPattern = /^[0-9A-Fa-f]{2}( [0-9A-Fa-f]{2})*$/;
const tokenSource = '([0-9A-Fa-f]{2}(/[0-9A-Fa-f]{2})?|\\?\\?|SUM|XOR)';
export const templatePattern = new RegExp(`^${tokenSource}( ${tokenSource})*$`);

/** Bytes of a string like `02 31 03`. */
export const bytesOfHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.split(' '), (digits) => Number.parseInt(digits, 16));

const tokenOf = (word: string): Token => {
  if (word === '??') return { bits: 0, mask: 0 };
  if (word === 'SUM') return 'sum';
  if (word === 'XOR') return 'xor';
  const [value = '', mask = 'FF'] = word.split('/');
  const maskBits = Number.parseInt(mask, 16);
  return { bits: Number.parseInt(value, 16) & maskBits, mask: maskBits };
};

/** Tokens of a string like `AA ?? 05 SUM`. */
export const templateOf = (text: string): Template => text.split(' ').map(tokenOf);

const sumOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0);
const xorOf = (bytes: Uint8Array): number => bytes.reduce((value, byte) => value ^ byte, 0);

const fits = (token: Token, byte: number, before: Uint8Array): boolean => {
  switch (token) {
    case 'sum':
      return byte === sumOf(before);
    case 'xor':
      return byte === xorOf(before);
    default:
      return (byte & token.mask) === token.bits;
  }
};

/** Whether the bytes are the template (`full`), may still become it (`part`), or cannot (`no`). */
export const match = (template: Template, bytes: Uint8Array): 'full' | 'part' | 'no' => {
  const seen = Math.min(template.length, bytes.length);
  for (let index = 0; index < seen; index++) {
    const token = template[index];
    const byte = bytes[index];
    if (token === undefined || byte === undefined || !fits(token, byte, bytes.subarray(0, index))) return 'no';
  }
  return bytes.length >= template.length ? 'full' : 'part';
};

/** Whether some bytes begin with both templates. A check byte may be any. */
export const overlap = (one: Template, other: Template): boolean =>
  one.slice(0, other.length).every((token, index) => {
    const against = other[index];
    if (typeof token === 'string' || typeof against !== 'object') return true;
    const common = token.mask & against.mask;
    return (token.bits & common) === (against.bits & common);
  });
