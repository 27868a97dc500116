// Which keys stand where, as data. Widths are in half keys: a row of ten letter keys has twenty.
//
//   digits    1 2 3 4 5 6 7 8 9 0                 pads (digits, idNumber, phone, date):   1 2 3 ⌫
//   letters   q … p / a … l / ⇧ z … m ⌫                                                   4 5 6 清空
//   last row  符号 ， 空格 。 中/英 enter                                                   7 8 9 ┐ enter
//                                                                                         X 0 0 ┘

/** What a key does; keyboard-machine.ts gives it its meaning. */
export type Key =
  | { type: 'letter'; letter: string }
  | { type: 'text'; text: string }
  | { type: 'space' }
  | { type: 'backspace' }
  | { type: 'clear' }
  | { type: 'enter' }
  | { type: 'shift' }
  | { type: 'split' }
  | { type: 'script' }
  | { type: 'symbols' };

/** `half` is the width in half keys (2 if absent); `tall` the height in rows (1 if absent). */
export type PlacedKey = { key: Key; half?: number; tall?: number };
export type KeyRow = { key: string; keys: readonly PlacedKey[]; isIndented?: boolean };

export const layouts = ['pinyin', 'latin', 'digits', 'idNumber', 'phone', 'date'] as const;
export type KeyboardLayout = (typeof layouts)[number];

/** Layouts with letters; the others are number pads. */
export const hasLetters = (layout: KeyboardLayout): boolean => layout === 'pinyin' || layout === 'latin';

const typing = (characters: string): PlacedKey[] =>
  Array.from(characters).map((text) => ({ key: { type: 'text', text } }));
const letters = (row: string): PlacedKey[] => Array.from(row).map((letter) => ({ key: { type: 'letter', letter } }));

const digitRow: KeyRow = { key: 'digits', keys: typing('1234567890') };

const symbolRows = {
  chinese: ['，。、：；？！·…—', '（）“”《》【】‘’', '#/-.@&+%'],
  western: ['.,?!:;\'"()', '@#&/-_+=%*', '~$[]<>\\|'],
} as const;

/** The rows of a layout with letters. */
export const letterRows = (
  layout: 'pinyin' | 'latin',
  script: 'pinyin' | 'latin',
  page: 'letters' | 'symbols',
): KeyRow[] => {
  const last: KeyRow = {
    key: 'last',
    keys: [
      { key: { type: 'symbols' }, half: 3 },
      { key: { type: 'text', text: script === 'pinyin' ? '，' : ',' } },
      { key: { type: 'space' }, half: 7 },
      { key: { type: 'text', text: script === 'pinyin' ? '。' : '.' } },
      // A field of codes or addresses of mail has no use for Chinese; it gets the hyphen instead.
      { key: layout === 'pinyin' ? { type: 'script' } : { type: 'text', text: '-' } },
      { key: { type: 'enter' }, half: 4 },
    ],
  };
  if (page === 'symbols') {
    const [first, second, third] = script === 'pinyin' ? symbolRows.chinese : symbolRows.western;
    return [
      digitRow,
      { key: 'first', keys: typing(first) },
      { key: 'second', keys: typing(second) },
      { key: 'third', keys: [...typing(third), { key: { type: 'backspace' }, half: 4 }] },
      last,
    ];
  }
  return [
    digitRow,
    { key: 'first', keys: letters('qwertyuiop') },
    layout === 'pinyin'
      ? { key: 'second', keys: letters('asdfghjkl'), isIndented: true }
      : { key: 'second', keys: [...letters('asdfghjkl'), { key: { type: 'clear' } }] },
    {
      key: 'third',
      keys: [
        { key: script === 'pinyin' ? { type: 'split' } : { type: 'shift' }, half: 3 },
        ...letters('zxcvbnm'),
        { key: { type: 'backspace' }, half: 3 },
      ],
    },
    last,
  ];
};

/** What stands left of the zero on a pad; nothing where only digits are right. */
const padExtra: Readonly<Record<Exclude<KeyboardLayout, 'pinyin' | 'latin'>, string>> = {
  digits: '.',
  idNumber: 'X',
  phone: '-',
  date: '-',
};

/** The keys of a number pad in reading order, on four columns. */
export const padKeys = (layout: Exclude<KeyboardLayout, 'pinyin' | 'latin'>): PlacedKey[] => [
  ...typing('123'),
  { key: { type: 'backspace' } },
  ...typing('456'),
  { key: { type: 'clear' } },
  ...typing('789'),
  { key: { type: 'enter' }, tall: 2 },
  ...typing(padExtra[layout]),
  { key: { type: 'text', text: '0' }, half: 4 },
];
