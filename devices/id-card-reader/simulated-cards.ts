// Cards of invented persons for the simulator: field values laid out into the chip's 256-byte text block by a writer of its own,
// so that a mistake in the driver's layouts cannot hide here. The first five are the persons of fixtures/idcard-vectors.json.

/** Offset and width in characters (2 bytes each), then the value. */
type Cell = readonly [start: number, width: number, value: string];

export type SimulatedCard = {
  title: { zh: string; en: string };
  text: Uint8Array;
  photo: Uint8Array;
  /** Absent: the card has none. */
  appendedAddress?: string;
};

export const encodeUcs2 = (value: string, width: number): Uint8Array => {
  const padded = value.padEnd(width, ' ');
  if (padded.length !== width) throw new RangeError(`longer than ${width} characters`);
  const bytes = new Uint8Array(width * 2);
  for (let index = 0; index < width; index += 1) {
    bytes[2 * index] = padded.charCodeAt(index) & 0xff;
    bytes[2 * index + 1] = padded.charCodeAt(index) >> 8;
  }
  return bytes;
};

const block = (...cells: Cell[]): Uint8Array => {
  const bytes = encodeUcs2('', 128);
  for (const [start, width, value] of cells) bytes.set(encodeUcs2(value, width), start * 2);
  return bytes;
};

type Resident = {
  name: string;
  sex: string;
  people: string;
  born: string;
  address: string;
  number: string;
  issuer: string;
  from: string;
  to: string;
};

const residentCells = (person: Resident): Cell[] => [
  [0, 15, person.name],
  [15, 1, person.sex],
  [16, 2, person.people],
  [18, 8, person.born],
  [26, 35, person.address],
  [61, 18, person.number],
  [79, 15, person.issuer],
  [94, 8, person.from],
  [102, 8, person.to],
];

/** WLT data begin with "WL"; the rest is a pattern, because no open decoder exists to make a picture for. */
const photo = (): Uint8Array =>
  Uint8Array.from({ length: 1024 }, (_, index) => [0x57, 0x4c, 0x66][index] ?? (index * 37 + 11) & 0xff);

const card = (zh: string, en: string, text: Uint8Array, more: Partial<SimulatedCard> = {}): SimulatedCard => ({
  title: { zh, en },
  text,
  photo: photo(),
  ...more,
});

export const simulatedCards: Readonly<Record<string, SimulatedCard>> = {
  resident: card(
    '居民身份证 张三',
    'Resident, Zhang San',
    block(
      ...residentCells({
        name: '张三',
        sex: '1',
        people: '01',
        born: '19900307',
        address: '北京市东城区测试街1号院2号楼3单元401室',
        number: '11010119900307002X',
        issuer: '北京市公安局东城分局',
        from: '20200101',
        to: '20400101',
      }),
    ),
    { appendedAddress: '北京市东城区新测试街9号' },
  ),
  residentLongTerm: card(
    '长期居民身份证 李四',
    'Resident without expiry, Li Si',
    block(
      ...residentCells({
        name: '李四',
        sex: '2',
        people: '97',
        born: '19500101',
        address: '某省某市某县某村',
        number: '110101195001010025',
        issuer: '某县公安局',
        from: '20050401',
        to: '长期',
      }),
    ),
  ),
  hmtPermit: card(
    '港澳台居民居住证 陳大文',
    'Hong Kong residence permit, Chan Tai Man',
    block(
      ...residentCells({
        name: '陳大文',
        sex: '1',
        people: '',
        born: '19900101',
        address: '广东省广州市天河区测试路9号',
        number: '810000199001010019',
        issuer: '广州市公安局天河分局',
        from: '20190901',
        to: '20240901',
      }),
      [110, 9, 'H12345678'],
      [119, 2, '01'],
      [124, 1, 'J'],
    ),
  ),
  foreigner2017: card(
    '外国人永久居留身份证(2017)史约翰',
    'Foreign permanent resident card of 2017, John Smith',
    block(
      [0, 60, 'SMITH, JOHN EDWARD'],
      [60, 1, '1'],
      [61, 15, 'USA110000000001'],
      [76, 3, 'USA'],
      [79, 15, '史约翰'],
      [94, 8, '20170616'],
      [102, 8, '20270616'],
      [110, 8, '19800202'],
      [118, 2, '01'],
      [120, 4, '1500'],
      [124, 1, 'I'],
    ),
  ),
  foreigner2023: card(
    '外国人永久居留身份证(2023)史约翰',
    'Foreign permanent resident card of 2023, John Smith',
    block(
      [0, 15, '史约翰'],
      [15, 1, '1'],
      [16, 2, '01'],
      [18, 8, '19851231'],
      [26, 35, 'SMITH, JOHN EDWARD ALEXANDER MAXIMI'],
      [61, 18, '910000198512310012'],
      [94, 8, '20231201'],
      [102, 8, '20331201'],
      [110, 11, 'LIAN'],
      [121, 3, '840'],
      [124, 1, 'Y'],
    ),
  ),
  uyghurWoman: card(
    '居民身份证 阿依古丽·买买提（维吾尔族）',
    'Resident with a dotted Uyghur name',
    block(
      ...residentCells({
        name: '阿依古丽·买买提',
        sex: '2',
        people: '05',
        born: '20000229',
        address: '新疆维吾尔自治区乌鲁木齐市天山区测试路3号',
        number: '650100200002290025',
        issuer: '乌鲁木齐市公安局天山区分局',
        from: '20180510',
        to: '20380510',
      }),
    ),
  ),
  child: card(
    '居民身份证 王小明（未成年）',
    'Resident, a child, Wang Xiaoming',
    block(
      ...residentCells({
        name: '王小明',
        sex: '1',
        people: '11',
        born: '20150601',
        address: '辽宁省沈阳市沈河区测试巷7号2-1-3',
        number: '210103201506010017',
        issuer: '沈阳市公安局沈河分局',
        from: '20230901',
        to: '20280901',
      }),
    ),
  ),
};
