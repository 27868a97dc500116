// Is it really a picture, of which size? Reads headers only: PNG (W3C PNG §11.2.2 IHDR) and JPEG (ITU T.81 B.2.2 SOF).

import { fail, ok, type Result } from '../../devices/kit/result.ts';

export type PictureInfo = { mediaType: 'image/jpeg' | 'image/png'; widthPx: number; heightPx: number };

const pngHead = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const pngEnd = Buffer.from([0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);

const jpegSize = (bytes: Buffer): { widthPx: number; heightPx: number } | undefined => {
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    // Fill bytes and markers without a length (RSTn, TEM).
    if (marker === 0xff || (marker >= 0xd0 && marker <= 0xd7) || marker === 0x01) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { heightPx: bytes.readUInt16BE(at + 5), widthPx: bytes.readUInt16BE(at + 7) };
    if (marker === 0xd9 || marker === 0xda) return undefined;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
};

/** `notAPicture` for anything that is not a whole JPEG or PNG of at least 100 × 100 pixels. */
export const pictureInfo = (data: Uint8Array): Result<PictureInfo, 'notAPicture'> => {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const bad = fail('notAPicture', 'system', `${bytes.length} bytes are not a whole JPEG or PNG`);
  let info: PictureInfo | undefined;
  if (bytes.length > 33 && bytes.subarray(0, 8).equals(pngHead) && bytes.subarray(-8).equals(pngEnd))
    info = { mediaType: 'image/png', widthPx: bytes.readUInt32BE(16), heightPx: bytes.readUInt32BE(20) };
  else if (
    bytes.length > 100 &&
    bytes.readUInt16BE(0) === 0xffd8 &&
    bytes.subarray(-64).includes(Buffer.from([0xff, 0xd9]))
  ) {
    const size = jpegSize(bytes);
    if (size) info = { mediaType: 'image/jpeg', ...size };
  }
  if (!info || info.widthPx < 100 || info.heightPx < 100) return bad;
  return ok(info);
};
