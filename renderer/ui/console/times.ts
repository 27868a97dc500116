// Times and sizes as consoles write them: exact, with seconds, in the time zone of the machine.

import type { Language } from '../../../main/contract/text.ts';

const padded = (value: number, digits = 2): string => String(value).padStart(digits, '0');

/** Time of day: `14:30:05`. */
export const formatClock = (atMs: number): string => {
  const at = new Date(atMs);
  return `${padded(at.getHours())}:${padded(at.getMinutes())}:${padded(at.getSeconds())}`;
};

/** Time of day with milliseconds, for the wire: `14:30:05.042`. */
export const formatWireTime = (atMs: number): string =>
  `${formatClock(atMs)}.${padded(new Date(atMs).getMilliseconds(), 3)}`;

/** A moment: `2026-11-22 14:30:05`, the same in both languages. */
export const formatInstant = (atMs: number): string => {
  const at = new Date(atMs);
  return `${at.getFullYear()}-${padded(at.getMonth() + 1)}-${padded(at.getDate())} ${formatClock(atMs)}`;
};

const units = [
  { seconds: 86_400, zh: '天', en: 'd' },
  { seconds: 3600, zh: '小时', en: 'h' },
  { seconds: 60, zh: '分', en: 'min' },
  { seconds: 1, zh: '秒', en: 's' },
] as const;

/** How long, in its two largest units: `2 天 3 小时`, `12 min 5 s`. Nothing and less is `0 秒`. */
export const formatSpan = (spanMs: number, language: Language): string => {
  let left = Math.max(0, Math.floor(spanMs / 1000));
  const first = units.findIndex(({ seconds }) => left >= seconds);
  if (first < 0) return `0 ${units[3][language]}`;
  const parts: string[] = [];
  for (const unit of units.slice(first, first + 2)) {
    const count = Math.floor(left / unit.seconds);
    left -= count * unit.seconds;
    if (count > 0) parts.push(`${count} ${unit[language]}`);
  }
  return parts.join(' ');
};

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** `734 B`, `1.5 MB`, `120 GB`; 1 KB is 1024 B. */
export const formatBytes = (bytes: number): string => {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 1024 && unit < byteUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const text = unit === 0 || value >= 100 ? String(Math.round(value)) : value.toFixed(1);
  return `${text} ${byteUnits[unit] ?? 'B'}`;
};
