import { expect, test } from 'vitest';
import { nameParts } from './name-parts.ts';

test('a name breaks before its hours, with or without spaces in it', () => {
  expect(nameParts('鄂州市政务服务中心24小时自助服务区')).toEqual(['鄂州市政务服务中心', '24小时自助服务区']);
  expect(nameParts('鄂州市民中心 24 小时自助服务区')).toEqual(['鄂州市民中心 ', '24\u00a0小时自助服务区']);
});

test('a name without figures and an English one stay as they are', () => {
  expect(nameParts('西山街道便民服务站')).toEqual(['西山街道便民服务站']);
  expect(nameParts('Ezhou Citizens Centre, 24-hour Zone')).toEqual(['Ezhou Citizens Centre, 24-hour Zone']);
});
