// A small file and stand-ins for drivers, for the tests beside.

import { z } from 'zod';
import { parseConfig, type KnownDriver } from './parse.ts';

export const drivers: readonly KnownDriver[] = [
  {
    driver: 'sam-serial',
    kind: 'id-card-reader',
    configSchema: z.strictObject({ fast: z.boolean().default(true) }),
    links: ['serial', 'tcp'],
  },
  {
    driver: 'escpos',
    kind: 'ticket-printer',
    configSchema: z.strictObject({ paperWidthMm: z.int().default(80), encoding: z.string().default('gbk') }),
  },
  {
    driver: 'board-8a80',
    kind: 'locker',
    configSchema: z.strictObject({ board: z.int().min(1).max(32).default(1), cells: z.int() }),
  },
  {
    driver: 'sane',
    kind: 'document-scanner',
    configSchema: z.strictObject({ device: z.string().optional() }),
    links: [],
  },
];

export const small = {
  version: 1,
  kiosk: {
    id: 'EZ-01',
    hall: { zh: '大厅', en: 'Hall' },
    place: { zh: '一楼', en: 'Ground floor' },
    askAt: { zh: '导办台', en: 'Desk' },
  },
  central: { url: 'https://intake.example.gov.cn', kioskKeyFile: 'central.key' },
};

export const reader = {
  id: 'reader',
  kind: 'id-card-reader',
  driver: 'sam-serial',
  link: { type: 'serial', path: '/dev/serial/by-id/a' },
  place: { edge: 'right', at: 0.8 },
};
export const scanner = { id: 'scanner', kind: 'document-scanner', driver: 'sane', place: { edge: 'left', at: 0.5 } };
export const locker = {
  id: 'locker',
  kind: 'locker',
  driver: 'board-8a80',
  link: { type: 'serial', path: '/dev/serial/by-path/b' },
  settings: { cells: 12 },
  place: { edge: 'right', at: 0.2 },
};

export const problemsOf = (
  source: string | object,
): { path: string; found: string; allowed: string; zh: string; en: string }[] => {
  const result = parseConfig(source, { drivers });
  if (result.ok) return [];
  return result.error.problems.map(({ message, ...rest }) => ({ ...rest, ...message }));
};
export const pathsOf = (source: string | object): string[] => problemsOf(source).map((problem) => problem.path);
