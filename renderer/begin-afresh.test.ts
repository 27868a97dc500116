import { expect, it } from 'vitest';
import { beginAfresh } from './begin-afresh.ts';

const goneTo = (protocol: string, isDevelopment: boolean): string => {
  let where = '';
  const place = {
    protocol,
    replace: (url: string | URL) => void (where = String(url)),
    reload: () => void (where = 'reload'),
  };
  beginAfresh(place, isDevelopment);
  return where;
};

it('goes through the host’s door where there is one, else loads anew', () => {
  expect(goneTo('http:', false)).toBe('/again');
  expect(goneTo('http:', true)).toBe('reload');
  expect(goneTo('hall-kiosk:', false)).toBe('reload');
});
