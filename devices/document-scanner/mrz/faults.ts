// What can be wrong with a swipe or a swiper, in words. The link's faults stand in the kit's table.

import type { FaultTable } from '../../kit/status.ts';

export const swiperFaults = {
  wrongCheckDigit: {
    who: 'citizen',
    zh: { what: '证件没有读清楚', todo: '请擦净证件下方的两三行字，匀速再刷一次' },
    en: {
      what: 'The document was not read clearly',
      todo: 'Wipe the lines at its lower edge and swipe it again at an even speed',
    },
  },
  wrongCharacters: {
    who: 'citizen',
    zh: { what: '证件上有字符没有读对', todo: '请匀速再刷一次；仍不行时请找工作人员人工核对' },
    en: {
      what: 'Some characters of the document were not read right',
      todo: 'Swipe it again at an even speed; if it still fails ask staff to check it by hand',
    },
  },
  incomplete: {
    who: 'citizen',
    zh: { what: '证件没有刷完整', todo: '请把证件翻到有机读码的一面，从头到尾再刷一次' },
    en: {
      what: 'The document was not swiped to its end',
      todo: 'Turn to the page with the machine-readable lines and swipe it from end to end',
    },
  },
  noSpecimen: {
    who: 'engineer',
    zh: { what: '没有证件可以试刷', todo: '请准备一本测试证件，再做这项检查' },
    en: { what: 'There was no document to swipe', todo: 'Have a test document ready and run the check again' },
  },
  wrongContent: {
    who: 'engineer',
    zh: { what: '读到的内容与证件不符', todo: '请检查读取头和型号设置，送修前不要使用' },
    en: {
      what: 'What was read is not what the document says',
      todo: 'Check the head and the model setting; do not use it before it is repaired',
    },
  },
} as const satisfies FaultTable;
