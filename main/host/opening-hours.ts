// Is a counter open at this moment, in the hall's own time zone?

import type { QueueBusiness } from '../../kiosk-config/schema.ts';

const weekdays = { Mon: 'mon', Tue: 'tue', Wed: 'wed', Thu: 'thu', Fri: 'fri', Sat: 'sat', Sun: 'sun' } as const;

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
};

/** Weekday and minutes since midnight at `atMs` in `timeZone`. */
export const localMoment = (
  atMs: number,
  timeZone: string,
): { weekday: (typeof weekdays)[keyof typeof weekdays]; minutes: number } => {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(atMs);
  const part = (type: string): string => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return {
    weekday: weekdays[part('weekday') as keyof typeof weekdays],
    minutes: Number(part('hour')) * 60 + Number(part('minute')),
  };
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
