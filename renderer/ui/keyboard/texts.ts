// The keyboard's own words. Keys that type something are named by what they type.

import type { Text } from '../../../main/contract/text.ts';

export const texts = {
  keyboard: { zh: '屏幕键盘', en: 'On-screen keyboard' },
  space: { zh: '空格', en: 'Space' },
  backspace: { zh: '删除', en: 'Delete' },
  clear: { zh: '清空', en: 'Clear' },
  shift: { zh: '大写', en: 'Shift' },
  split: { zh: '分词', en: 'Split' },
  script: { zh: '中/英', en: '中/EN' },
  symbols: { zh: '符号', en: 'Symbols' },
  letters: { zh: '字母', en: 'Letters' },
  candidates: { zh: '候选字词', en: 'Candidates' },
  more: { zh: '更多', en: 'More' },
  less: { zh: '收起', en: 'Back' },
  previousPage: { zh: '上一页', en: 'Previous' },
  nextPage: { zh: '下一页', en: 'Next' },
  pinyinHint: { zh: '拼音输入：点字母，再选字词', en: 'Pinyin: touch letters, then choose the words' },
  latinHint: { zh: '英文输入', en: 'English letters' },
  loading: { zh: '拼音正在准备，请稍候', en: 'Getting pinyin ready, one moment' },
  failed: {
    zh: '拼音暂时不能用，字母和数字可以用。点“中/英”再试',
    en: 'Pinyin is not available now; letters and numbers work. Touch 中/EN to try again',
  },
} as const satisfies Record<string, Text>;
