// Whether the bytes of a page are a whole picture. A scan that broke off leaves half a file that many viewers still open.

import type { ScannedPage } from './api.ts';

const pngStart = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** The IEND chunk with its CRC: a PNG that ends otherwise was cut. */
const pngEnd = [0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82];
/** SOI and the first byte of the next marker (ITU T.81, B.1.1.3). */
const jpegStart = [0xff, 0xd8, 0xff];
/** Some scanners fill their last block with zeros behind the end marker. */
const jpegPaddingLimit = 64;
const leastJpeg = 100;

const beginsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);

export const isWholePng = (bytes: Uint8Array): boolean =>
  bytes.length > pngStart.length + pngEnd.length &&
  beginsWith(bytes, pngStart) &&
  pngEnd.every((byte, index) => bytes[bytes.length - pngEnd.length + index] === byte);

export const isWholeJpeg = (bytes: Uint8Array): boolean => {
  if (bytes.length < leastJpeg || !beginsWith(bytes, jpegStart)) return false;
  let end = bytes.length;
  while (end > bytes.length - jpegPaddingLimit && bytes[end - 1] === 0) end -= 1;
  return bytes[end - 2] === 0xff && bytes[end - 1] === 0xd9;
};

/** The page, or undefined when it is no whole PNG or JPEG. */
export const pageOf = (bytes: Uint8Array): ScannedPage | undefined => {
  if (isWholePng(bytes)) return { mediaType: 'image/png', bytes };
  return isWholeJpeg(bytes) ? { mediaType: 'image/jpeg', bytes } : undefined;
};
