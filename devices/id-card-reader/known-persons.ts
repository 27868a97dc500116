// What the invented persons' cards say, written down by hand from the same table as fixtures/idcard-vectors.json. By the names of
// simulated-cards.ts; without photo and fingerprint. For tests and rehearsals.

import type { IdCard } from './api.ts';

export const knownPersons = {
  resident: {
    type: 'resident',
    name: '张三',
    sex: '1',
    ethnicity: { code: '01', name: '汉' },
    birthDate: '1990-03-07',
    address: '北京市东城区测试街1号院2号楼3单元401室',
    number: '11010119900307002X',
    issuer: '北京市公安局东城分局',
    validFrom: '2020-01-01',
    validTo: '2040-01-01',
  },
  residentLongTerm: {
    type: 'resident',
    name: '李四',
    sex: '2',
    ethnicity: { code: '97', name: '其他' },
    birthDate: '1950-01-01',
    address: '某省某市某县某村',
    number: '110101195001010025',
    issuer: '某县公安局',
    validFrom: '2005-04-01',
  },
  hmtPermit: {
    type: 'hmtPermit',
    name: '陳大文',
    sex: '1',
    birthDate: '1990-01-01',
    address: '广东省广州市天河区测试路9号',
    number: '810000199001010019',
    issuer: '广州市公安局天河分局',
    validFrom: '2019-09-01',
    validTo: '2024-09-01',
    permitNumber: 'H12345678',
    issueCount: '01',
  },
  foreigner2017: {
    type: 'foreigner2017',
    name: '史约翰',
    nameLatin: 'SMITH, JOHN EDWARD',
    sex: '1',
    birthDate: '1980-02-02',
    number: 'USA110000000001',
    nationality: 'USA',
    validFrom: '2017-06-16',
    validTo: '2027-06-16',
  },
  foreigner2023: {
    type: 'foreigner2023',
    name: '史约翰',
    nameLatin: 'SMITH, JOHN EDWARD ALEXANDER MAXIMILIAN',
    sex: '1',
    birthDate: '1985-12-31',
    number: '910000198512310012',
    nationality: '840',
    issueCount: '01',
    validFrom: '2023-12-01',
    validTo: '2033-12-01',
  },
} as const satisfies Record<string, IdCard>;
export type KnownPerson = keyof typeof knownPersons;

/** Photo B of the vectors, which every simulated card carries: "WLf", then a pattern. */
export const knownPhoto = Uint8Array.from(
  { length: 1024 },
  (_, index) => [0x57, 0x4c, 0x66][index] ?? (index * 37 + 11) & 0xff,
);
