// The hall's calendar day. Numbers start afresh at the hall's midnight, not at that of a machine set to UTC.

export const hallTimeZone = 'Asia/Shanghai';

const parts = new Map<string, Intl.DateTimeFormat>();

const formatterOf = (timeZone: string): Intl.DateTimeFormat => {
  let formatter = parts.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    parts.set(timeZone, formatter);
  }
  return formatter;
};

const partsAt = (atMs: number, timeZone: string): Record<string, string> =>
  Object.fromEntries(
    formatterOf(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, value]),
  );

/** `2026-11-22`: the day in the hall at that moment. */
export const dayKeyAt = (atMs: number, timeZone: string = hallTimeZone): string => {
  const { year = '', month = '', day = '' } = partsAt(atMs, timeZone);
  return `${year}-${month}-${day}`;
};

/** Minutes since the hall's midnight, 0…1439. */
export const minuteOfDayAt = (atMs: number, timeZone: string = hallTimeZone): number => {
  const { hour = '0', minute = '0' } = partsAt(atMs, timeZone);
  return Number(hour) * 60 + Number(minute);
};
