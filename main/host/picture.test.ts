import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { pictureInfo } from './picture.ts';

const blank = (format: 'png' | 'jpeg', width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: '#fff' } })
    .toFormat(format)
    .toBuffer();

describe('a page', () => {
  it('is a JPEG or PNG of a known size', async () => {
    expect(pictureInfo(await blank('jpeg', 640, 480))).toMatchObject({
      ok: true,
      value: { mediaType: 'image/jpeg', widthPx: 640, heightPx: 480 },
    });
    expect(pictureInfo(await blank('png', 300, 400))).toMatchObject({
      ok: true,
      value: { mediaType: 'image/png', widthPx: 300, heightPx: 400 },
    });
  });

  it('is refused when cut short, too small, or something else', async () => {
    const jpeg = await blank('jpeg', 640, 480);
    expect(pictureInfo(jpeg.subarray(0, jpeg.length - 200)).ok).toBe(false);
    const png = await blank('png', 640, 480);
    expect(pictureInfo(png.subarray(0, png.length - 20)).ok).toBe(false);
    expect(pictureInfo(await blank('png', 10, 10)).ok).toBe(false);
    expect(pictureInfo(Buffer.from('<html>no</html>'.repeat(20))).ok).toBe(false);
    expect(pictureInfo(Buffer.alloc(0)).ok).toBe(false);
  });
});
