// Byte templates, so that a control channel is described by data.
//
//   "A5 10 ?? SUM"    any byte, then the low byte of the sum of all before it     XOR likewise
//   "A5 01 LEVEL SUM" the lamp's level, scaled to the protocol's own largest one
//   "42 &01"          a byte in which these bits are set (buttons in HID reports)

type Token = number | 'any' | 'sum' | 'xor' | 'level' | { bits: number };
export type Template = readonly Token[];

const words: Readonly<Record<string, Token>> = { '??': 'any', SUM: 'sum', XOR: 'xor', LEVEL: 'level' };

const list = (word: string): RegExp => new RegExp(`^${word}(?: ${word})*$`);
export const sendPattern = list('(?:[0-9A-Fa-f]{2}|LEVEL|SUM|XOR)');
export const matchPattern = list('(?:[0-9A-Fa-f]{2}|\\?\\?|&[0-9A-Fa-f]{2}|LEVEL|SUM|XOR)');

export const templateOf = (text: string): Template =>
  text.split(' ').map((word) => {
    const known = words[word];
    if (known !== undefined) return known;
    return word.startsWith('&') ? { bits: Number.parseInt(word.slice(1), 16) } : Number.parseInt(word, 16);
  });

const sumOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0);
const xorOf = (bytes: Uint8Array): number => bytes.reduce((value, byte) => value ^ byte, 0);

/** The bytes of a template that is sent. */
export const fill = (template: Template, level: number): Uint8Array => {
  const bytes: number[] = [];
  for (const token of template) {
    if (token === 'sum') bytes.push(sumOf(Uint8Array.from(bytes)));
    else if (token === 'xor') bytes.push(xorOf(Uint8Array.from(bytes)));
    else bytes.push(token === 'level' ? level : typeof token === 'number' ? token : 0);
  }
  return Uint8Array.from(bytes);
};

export type Match = { type: 'full'; level?: number } | { type: 'part' } | { type: 'no' };

/** Whether the bytes are the template, may still become it, or cannot; `level`: what stood in its place. */
export const match = (template: Template, bytes: Uint8Array): Match => {
  let level: number | undefined;
  for (const [index, token] of template.entries()) {
    const byte = bytes[index];
    if (byte === undefined) return { type: 'part' };
    const before = bytes.subarray(0, index);
    const fits =
      token === 'any' ||
      token === 'level' ||
      (token === 'sum' && byte === sumOf(before)) ||
      (token === 'xor' && byte === xorOf(before)) ||
      (typeof token === 'object' && (byte & token.bits) === token.bits) ||
      token === byte;
    if (!fits) return { type: 'no' };
    if (token === 'level') level = byte;
  }
  return { type: 'full', ...(level === undefined ? {} : { level }) };
};
