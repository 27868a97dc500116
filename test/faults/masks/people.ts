// Invented people with documents of every kind that the reader knows. Numbers fit GB 11643; nobody's own.

import type { IdCard } from '../../../devices/id-card-reader/api.ts';
import type { Random } from '../random.ts';

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const checkDigits = '10X98765432';
/** A division that GB/T 2260 gives nobody. */
const division = '990101';
const two = (value: number): string => String(value).padStart(2, '0');
const dayMs = 24 * 60 * 60 * 1000;

/** Characters that no word of the screens contains, so that a name found on one is a name shown. */
const givenNameFrom = 0x9f00;
const givenNames = 0xa0;
const surnames = ['赵', '钱', '孙', '李', '欧阳', '司马'] as const;

export const citizenNumber = (random: Random): { number: string; birthDate: string } => {
  const birth = new Date(Date.UTC(1930, 0, 1) + random.below(29_000) * dayMs);
  const birthDate = `${birth.getUTCFullYear()}-${two(birth.getUTCMonth() + 1)}-${two(birth.getUTCDate())}`;
  const body = `${division}${birthDate.replaceAll('-', '')}${String(random.below(1000)).padStart(3, '0')}`;
  const sum = weights.reduce((total, weight, at) => total + weight * Number(body[at]), 0);
  return { number: `${body}${checkDigits[sum % 11]}`, birthDate };
};

export const person = (random: Random): IdCard => {
  const { number, birthDate } = citizenNumber(random);
  const given = Array.from({ length: 1 + random.below(3) }, () =>
    String.fromCodePoint(givenNameFrom + random.below(givenNames)),
  ).join('');
  return {
    type: 'resident',
    name: `${surnames[random.below(surnames.length)] ?? '赵'}${given}`,
    sex: random.chance(2) ? '1' : '2',
    birthDate,
    address: `测试省测试市测试区${given}路${1 + random.below(900)}号${random.below(30)}栋${random.below(2000)}室`,
    number,
    validFrom: '2020-01-01',
    photo: new Uint8Array([1, 2, 3]),
    photoFormat: 'png',
  };
};
