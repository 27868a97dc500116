import { describe, expect, it } from 'vitest';
import { controlsFor, isOther, isWanted, turned } from './camera-controls.ts';

describe('which camera', () => {
  it.each([
    ['USB Document Camera (0c45:6366)', { labelHint: 'document' }, true],
    ['USB Face Camera (0c45:6366)', { labelHint: 'document' }, false],
    ['USB Camera (0C45:6366)', { usbId: '0c45:6366' }, true],
    ['USB Camera (0c45:6367)', { usbId: '0c45:6366' }, false],
    ['Document (0c45:6367)', { labelHint: 'document', usbId: '0c45:6366' }, false],
    // A name without an id, as on other systems, is judged by the name alone.
    ['Document', { labelHint: 'document', usbId: '0c45:6366' }, true],
    ['Camera', { usbId: '0c45:6366' }, false],
    ['', { labelHint: 'document' }, false],
  ])('%s, wanted %o: %s', (label, wanted, answer) => {
    expect(isWanted(label, { rotationDeg: 0, ...wanted })).toBe(answer);
  });

  it('is surely another one only by its USB id', () => {
    expect(isOther('Camera (0c45:6367)', { rotationDeg: 0, usbId: '0c45:6366' })).toBe(true);
    expect(isOther('Camera', { rotationDeg: 0, usbId: '0c45:6366' })).toBe(false);
    expect(isOther('Camera (0c45:6367)', { rotationDeg: 0, labelHint: 'x' })).toBe(false);
  });
});

describe('controls', () => {
  const everything = {
    focusMode: ['manual', 'continuous'],
    focusDistance: { min: 1, max: 1023 },
    exposureMode: ['manual', 'continuous'],
    exposureTime: { min: 3, max: 2047 },
    whiteBalanceMode: ['manual', 'continuous'],
    colorTemperature: { min: 2800, max: 6500 },
  };

  it('automatic and by hand, each value within the range of the camera', () => {
    expect(controlsFor({ rotationDeg: 0, focus: 400, exposure: 'auto', whiteBalance: 9000 }, everything)).toEqual([
      { focusMode: 'manual', focusDistance: 400 },
      { exposureMode: 'continuous' },
      { whiteBalanceMode: 'manual', colorTemperature: 6500 },
    ]);
  });

  it('asks for nothing that the camera does not have, and for nothing that is not wanted', () => {
    expect(controlsFor({ rotationDeg: 0, focus: 400, exposure: 'auto', whiteBalance: 'auto' }, {})).toEqual([]);
    expect(controlsFor({ rotationDeg: 0, focus: 'auto' }, { focusMode: ['manual'] })).toEqual([]);
    expect(controlsFor({ rotationDeg: 90 }, everything)).toEqual([]);
    expect(controlsFor(undefined, everything)).toEqual([]);
  });
});

it('a quarter turn changes width and height', () => {
  const size = { widthPx: 3264, heightPx: 2448 };
  expect(
    [turned(size, 0), turned(size, 90), turned(size, 180), turned(size, 270)].map(({ widthPx }) => widthPx),
  ).toEqual([3264, 2448, 3264, 2448]);
});
