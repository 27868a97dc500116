import { expect, it } from 'vitest';
import { createTrace, hexOf } from './trace.ts';

it('keeps the last entries only', () => {
  const trace = createTrace(3);
  for (let atMs = 1; atMs <= 5; atMs += 1) trace.add({ atMs, direction: 'note', label: '', hex: '' });
  expect(trace.entries().map(({ atMs }) => atMs)).toEqual([3, 4, 5]);
});

it('writes bytes as people write them, and says how many there were', () => {
  expect(hexOf(new Uint8Array())).toBe('');
  expect(hexOf(Uint8Array.of(0x0a, 0xff))).toBe('0A FF');
  expect(hexOf(new Uint8Array(5), 2)).toBe('00 00 … (5 bytes)');
});
