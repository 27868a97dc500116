// Byte templates, so that a pad is described by data: hex bytes, `??` for any byte, `SUM` and `XOR` for a check byte over
// everything before it.
//
//   "AA ?? 05 SUM"  matches  AA 01 05 B0

export type Token = number | 'any' | 'sum' | 'xor';
export type Template = readonly Token[];

const words: Readonly<Record<string, Token>> = { '??': 'any', SUM: 'sum', XOR: 'xor' };

export const hexBytesPattern = /^[0-9A-Fa-f]{2}( [0-9A-Fa-f]{2})*$/;
export const templatePattern = /^([0-9A-Fa-f]{2}|\?\?|SUM|XOR)( ([0-9A-Fa-f]{2}|\?\?|SUM|XOR))*$/;

/** Bytes of a string like `02 31 03`. */
export const bytesOfHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.split(' '), (digits) => Number.parseInt(digits, 16));

/** Tokens of a string like `AA ?? 05 SUM`. */
export const templateOf = (text: string): Template =>
  text.split(' ').map((word) => words[word] ?? Number.parseInt(word, 16));

const expected = (token: Token, before: Uint8Array): number | undefined => {
  switch (token) {
    case 'any':
      return undefined;
    case 'sum':
      return before.reduce((sum, byte) => (sum + byte) & 0xff, 0);
    case 'xor':
      return before.reduce((value, byte) => value ^ byte, 0);
    default:
      return token;
  }
};

/** Whether the bytes are the template (`full`), may still become it (`part`), or cannot (`no`). */
export const match = (template: Template, bytes: Uint8Array): 'full' | 'part' | 'no' => {
  const seen = Math.min(template.length, bytes.length);
  for (let index = 0; index < seen; index++) {
    const token = template[index];
    if (token === undefined) return 'no';
    const value = expected(token, bytes.subarray(0, index));
    if (value !== undefined && value !== bytes[index]) return 'no';
  }
  return bytes.length >= template.length ? 'full' : 'part';
};
