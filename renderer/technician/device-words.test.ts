import { expect, test } from 'vitest';
import { figureOf, serialPathOf } from './device-words.ts';

test('a figure of one code is a figure of its kind', () => {
  expect(figureOf('failed.timeOut')).toEqual({ key: 'console.figure.failed', of: 'timeOut' });
  expect(figureOf('failed')).toEqual({ key: 'console.figure.failed', of: '' });
});

test('a figure that no phrase knows keeps its own name', () => {
  expect(figureOf('beepsInB').key).toBeUndefined();
});

test('only a serial link has a path that can be changed', () => {
  expect(serialPathOf('serial /dev/ttyUSB0')).toBe('/dev/ttyUSB0');
  expect(serialPathOf('tcp 10.0.0.5:4001')).toBeUndefined();
  expect(serialPathOf('own')).toBeUndefined();
});
