// Bytes of one code → text. UTF-8 first, then GB18030: Chinese electronic documents carry both. Pure; used by codec.ts.

import iconv from 'iconv-lite';
import type { ScannedCode } from './api.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

// oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
const hasControl = (text: string): boolean => /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffd]/.test(text);

export type TextEncoding = 'auto' | ScannedCode['encoding'];

const readUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
};

/** iconv-lite replaces what it cannot read; only bytes that come back unchanged were really GB18030. */
const readGb18030 = (bytes: Uint8Array): string | undefined => {
  const buffer = Buffer.from(bytes);
  const text = iconv.decode(buffer, 'gb18030');
  return iconv.encode(text, 'gb18030').equals(buffer) ? text : undefined;
};

/**
 * Pairs of bytes that are common Chinese characters (GB 2312, rows 16 to 55) and happen to be UTF-8 too: 营业 in GB18030 is Ӫҵ in
 * UTF-8. In these halls it is Chinese. What would be accented Latin in UTF-8 alone (leads C2 to C5) stays Latin.
 */
const isRatherChinese = (bytes: Uint8Array): boolean => {
  let isBeyondLatin = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) continue;
    at += 1;
    if (lead < 0xb0 || lead > 0xd7 || (bytes[at] ?? 0) < 0xa1) return false;
    isBeyondLatin ||= lead > 0xc5;
  }
  return isBeyondLatin;
};

const decode = (bytes: Uint8Array, wanted: TextEncoding): Pick<ScannedCode, 'text' | 'encoding'> | undefined => {
  const isChinese = wanted === 'gb18030' || (wanted === 'auto' && isRatherChinese(bytes));
  const utf8Text = isChinese ? undefined : readUtf8(bytes);
  if (utf8Text !== undefined) return { text: utf8Text, encoding: 'utf-8' };
  const gbText = wanted === 'utf-8' ? undefined : readGb18030(bytes);
  return gbText === undefined ? undefined : { text: gbText, encoding: 'gb18030' };
};

/**
 * The code, or undefined when it is no text: control characters other than tab and line breaks, or not in the encoding that is
 * wanted (`auto`: UTF-8, else GB18030). With `hasAimPrefix` an identifier such as `]Q1` at the start is taken off and told as
 * `symbology`.
 */
export const readCodeText = (
  bytes: Uint8Array,
  { hasAimPrefix, encoding }: { hasAimPrefix: boolean; encoding: TextEncoding },
): ScannedCode | undefined => {
  const prefix = String.fromCharCode(...bytes.subarray(0, 3));
  const symbology = hasAimPrefix && /^\][A-Za-z][0-9A-Za-z]$/.test(prefix) ? prefix : undefined;
  const content = symbology === undefined ? Uint8Array.from(bytes) : bytes.slice(3);
  const decoded = decode(content, encoding);
  if (!decoded || decoded.text === '' || hasControl(decoded.text)) return undefined;
  return { bytes: content, ...decoded, ...(symbology === undefined ? {} : { symbology }) };
};
