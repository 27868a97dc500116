// Bytes of one code → text. UTF-8 first, then GB18030: Chinese electronic documents carry both. Pure; used by codec.ts.

import iconv from 'iconv-lite';
import type { ScannedCode } from './api.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

// oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
const hasControl = (text: string): boolean => /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffd]/.test(text);

const decode = (bytes: Uint8Array): Pick<ScannedCode, 'text' | 'encoding'> | undefined => {
  try {
    return { text: utf8.decode(bytes), encoding: 'utf-8' };
  } catch {
    const buffer = Buffer.from(bytes);
    const text = iconv.decode(buffer, 'gb18030');
    // iconv-lite replaces what it cannot read; only bytes that come back unchanged were really GB18030.
    return iconv.encode(text, 'gb18030').equals(buffer) ? { text, encoding: 'gb18030' } : undefined;
  }
};

/**
 * The code, or undefined when it is no text: control characters other than tab and line breaks, or neither UTF-8 nor GB18030.
 * With `hasAimPrefix` an identifier such as `]Q1` at the start is taken off and told as `symbology`.
 */
export const readCodeText = (bytes: Uint8Array, hasAimPrefix: boolean): ScannedCode | undefined => {
  const prefix = String.fromCharCode(...bytes.subarray(0, 3));
  const symbology = hasAimPrefix && /^\][A-Za-z][0-9A-Za-z]$/.test(prefix) ? prefix : undefined;
  const content = symbology === undefined ? Uint8Array.from(bytes) : bytes.slice(3);
  const decoded = decode(content);
  if (!decoded || decoded.text === '' || hasControl(decoded.text)) return undefined;
  return { bytes: content, ...decoded, ...(symbology === undefined ? {} : { symbology }) };
};
