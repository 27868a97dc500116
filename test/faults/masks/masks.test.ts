import { expect, it } from 'vitest';
import { maskName, maskNumber } from '../../../main/journeys/masks.ts';
import { createRandom } from '../random.ts';
import { isMaskClean, runMasks } from './masks.ts';
import { person } from './people.ts';

it('no screen and no paper of 200 people shows more of them than the mask leaves', () => {
  const report = runMasks(200, 1);
  expect(report).toMatchObject({ people: 200, leaks: 0, controls: 200, failures: [] });
  expect(report.papers).toBeGreaterThan(200);
  expect(Object.keys(report.byScreen)).toEqual(
    expect.arrayContaining(['guide', 'identify', 'form', 'materials', 'review', 'sign', 'receipt']),
  );
  expect(isMaskClean({ ...report, leaks: 1 })).toBe(false);
});

it('a mask never shows the birth date, whoever it is', () => {
  const random = createRandom(2);
  for (let index = 0; index < 10_000; index += 1) {
    const { number, birthDate, name } = person(random);
    const shown = maskNumber(number);
    expect(shown).toHaveLength(18);
    expect(shown.replaceAll('*', '')).toBe(`${number.slice(0, 3)}${number.slice(-2)}`);
    expect(shown).not.toContain(birthDate.replaceAll('-', '').slice(4));
    expect(maskName(name)).not.toBe(name);
  }
});
