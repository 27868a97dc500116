// Is a counter open at this moment, in the hall's own time zone?

import type { QueueBusiness } from '../../kiosk-config/schema.ts';

const weekdays = { Mon: 'mon', Tue: 'tue', Wed: 'wed', Thu: 'thu', Fri: 'fri', Sat: 'sat', Sun: 'sun' } as const;

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
};

type Moment = { weekday: (typeof weekdays)[keyof typeof weekdays]; minutes: number };

/** Making a formatter takes longer than all else that a view needs, and a view asks for every counter. */
const formatters = new Map<string, Intl.DateTimeFormat>();
const formatterOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formatters.set(timeZone, made);
  return made;
};

const minuteMs = 60_000;
let latest: { minute: number; timeZone: string; moment: Moment } | undefined;

/** Weekday and minutes since midnight at `atMs` in `timeZone`. */
export const localMoment = (atMs: number, timeZone: string): Moment => {
  // Every offset in use today is whole minutes: within one of them the answer stays the same.
  const minute = Math.floor(atMs / minuteMs);
  if (latest?.minute === minute && latest.timeZone === timeZone) return latest.moment;
  const parts = formatterOf(timeZone).formatToParts(atMs);
  const part = (type: string): string => parts.find((candidate) => candidate.type === type)?.value ?? '';
  const moment: Moment = {
    weekday: weekdays[part('weekday') as keyof typeof weekdays],
    minutes: Number(part('hour')) * 60 + Number(part('minute')),
  };
  latest = { minute, timeZone, moment };
  return moment;
};

export const isOpen = (business: QueueBusiness, atMs: number, timeZone: string): boolean => {
  if (business.hours === 'always') return true;
  const { weekday, minutes } = localMoment(atMs, timeZone);
  return business.hours[weekday].some((span) => minutesOf(span.from) <= minutes && minutes < minutesOf(span.to));
};

/** The screen is dimmed between 22:00 and 06:00. */
export const isNight = (atMs: number, timeZone: string): boolean => {
  const { minutes } = localMoment(atMs, timeZone);
  return minutes >= 22 * 60 || minutes < 6 * 60;
};
