// How numbers, times and money are written on screens. Document numbers come masked and keep their mask.

import type { Language } from '../../main/contract/text.ts';

const group = (text: string, sizes: readonly number[]): string => {
  const parts: string[] = [];
  let from = 0;
  for (const size of sizes) {
    parts.push(text.slice(from, from + size));
    from += size;
  }
  return [...parts, text.slice(from)].filter((part) => part !== '').join(' ');
};

/** Citizen ID number, masked or not, as 6-8-4; anything of another length as it is. */
export const formatIdNumber = (number: string): string => (number.length === 18 ? group(number, [6, 8, 4]) : number);

/** Mobile number as 3-4-4. */
export const formatPhone = (number: string): string => (number.length === 11 ? group(number, [3, 4, 4]) : number);

/** Any other long number (receipt, pick-up code) in groups of four from the left, unless it has separators of its own. */
export const formatCode = (code: string): string =>
  /^[0-9A-Z]{7,}$/.test(code)
    ? group(
        code,
        Array.from({ length: Math.ceil(code.length / 4) }, () => 4),
      )
    : code;

/** Money in yuan: `免费`, `20 元`, `20.50 元`. */
export const formatMoney = (amountFen: number, language: Language): string => {
  if (amountFen === 0) return language === 'zh' ? '免费' : 'Free';
  const yuan = amountFen % 100 === 0 ? String(amountFen / 100) : (amountFen / 100).toFixed(2);
  return `${yuan} ${language === 'zh' ? '元' : 'yuan'}`;
};

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** Time of day, 24 hours: `14:30`. */
export const formatTime = (atMs: number): string => {
  const at = new Date(atMs);
  return `${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
};

const daysBetween = (fromMs: number, toMs: number): number => {
  const from = new Date(fromMs);
  const to = new Date(toMs);
  // Noon to noon, so that a change to summer time does not lose a day.
  const noon = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate(), 12).getTime();
  return Math.round((noon(to) - noon(from)) / 86_400_000);
};

/** Date with weekday: `11月22日 星期日` / `Sunday, 22 November`. */
export const formatDate = (atMs: number, language: Language): string =>
  language === 'zh'
    ? `${new Date(atMs).getMonth() + 1}月${new Date(atMs).getDate()}日 ${new Intl.DateTimeFormat('zh-CN', { weekday: 'long' }).format(atMs)}`
    : new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' }).format(atMs);

/** A moment seen from now: `今天 14:30`, `明天 09:00`, `11月25日 09:00`. */
export const formatMoment = (atMs: number, nowMs: number, language: Language): string => {
  const days = daysBetween(nowMs, atMs);
  const names: Record<number, { zh: string; en: string }> = {
    [-1]: { zh: '昨天', en: 'Yesterday' },
    0: { zh: '今天', en: 'Today' },
    1: { zh: '明天', en: 'Tomorrow' },
  };
  const near = names[days]?.[language];
  if (near !== undefined) return `${near} ${formatTime(atMs)}`;
  const at = new Date(atMs);
  const date =
    language === 'zh'
      ? `${at.getMonth() + 1}月${at.getDate()}日`
      : new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' }).format(atMs);
  return `${date} ${formatTime(atMs)}`;
};
