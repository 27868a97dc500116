import { expect, test } from 'vitest';
import { figureOf, foldNumbered, portOf } from './device-words.ts';

test('a figure of one code is a figure of its kind', () => {
  expect(figureOf('failed.timeOut')).toEqual({ key: 'console.figure.failed', of: 'timeOut' });
  expect(figureOf('failed')).toEqual({ key: 'console.figure.failed', of: '' });
});

test('a figure that no phrase knows keeps its own name', () => {
  expect(figureOf('beepsInB').key).toBeUndefined();
});

test('only a serial link has a path that can be changed', () => {
  expect(portOf('serial /dev/ttyUSB0')).toEqual({ type: 'serial', path: '/dev/ttyUSB0' });
  expect(portOf('lp /dev/usb/lp0')).toEqual({ type: 'lp', path: '/dev/usb/lp0' });
  expect(portOf('tcp 10.0.0.5:4001')).toBeUndefined();
  expect(portOf('hid 0c2e:0b61')).toBeUndefined();
  expect(portOf('own')).toBeUndefined();
});

test.each([
  [
    ['openCell', 'cell:1', 'cell:2', 'cell:3'],
    ['openCell', 'cell:1–3'],
  ],
  [
    ['cell:1', 'cell:3', 'cell:4'],
    ['cell:1', 'cell:3–4'],
  ],
  [
    ['print', 'code128', 'qr'],
    ['print', 'code128', 'qr'],
  ],
  [
    ['150dpi', '200dpi'],
    ['150dpi', '200dpi'],
  ],
  [
    ['1', '2'],
    ['1', '2'],
  ],
])('%j reads %j', (capabilities, folded) => {
  expect(foldNumbered(capabilities)).toEqual(folded);
});
