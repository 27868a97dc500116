// A scanner without a scanner: a configuration folder in which SANE has only its own `test` backend. The driver runs the real
// scanimage against it; knobs rewrite the backend's settings, which scanimage reads at every start.
//
//   driver ── scanimage ── SANE_CONFIG_DIR ── dll.conf: test ── test.conf ◀── knobs

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knob } from '../../../devices/kit/simulator.ts';

export type SaneTestbed = {
  /** SANE name of the device, to be configured. */
  device: string;
  saneConfigDir: string;
  /** For a program that is started with SANE settings in its environment. */
  env: { SANE_CONFIG_DIR: string };
  knobs: Readonly<Record<string, Knob>>;
  look(): Record<string, unknown>;
  /** Removes the folder. */
  remove(): void;
};

const faults = {
  jam: ['SANE_STATUS_JAMMED', '卡纸', 'Jam the paper'],
  emptyFeeder: ['SANE_STATUS_NO_DOCS', '进纸口没有纸', 'Empty the feeder'],
  openCover: ['SANE_STATUS_COVER_OPEN', '打开盖子', 'Open the cover'],
  occupy: ['SANE_STATUS_DEVICE_BUSY', '被别的程序占用', 'Let another program hold it'],
  breakLine: ['SANE_STATUS_IO_ERROR', '通信出错', 'Break the line'],
  fillMemory: ['SANE_STATUS_NO_MEM', '内存不足', 'Run out of memory'],
  denyAccess: ['SANE_STATUS_ACCESS_DENIED', '拒绝访问', 'Deny access'],
} as const;

const pictures = ['Solid black', 'Solid white', 'Color pattern', 'Grid'] as const;

/** `dir` is made when it is missing; without it a temporary folder is made. */
export const createSaneTestbed = (dir?: string): SaneTestbed => {
  const saneConfigDir = dir ?? mkdtempSync(join(tmpdir(), 'hall-sane-'));
  mkdirSync(saneConfigDir, { recursive: true });
  const state = { isPlugged: true, status: 'Default' as string, isSlow: false, picture: 'Color pattern' as string };

  const write = (): void => {
    writeFileSync(join(saneConfigDir, 'dll.conf'), 'test\n');
    writeFileSync(
      join(saneConfigDir, 'test.conf'),
      [
        // The backend crashes with no device at all, so the scanner is its second one, which comes and goes.
        `number_of_devices ${state.isPlugged ? 2 : 1}`,
        `test-picture "${state.picture}"`,
        `read-status-code "${state.status}"`,
        `read-delay ${state.isSlow ? 'true' : 'false'}`,
        'read-delay-duration 200000',
        '',
      ].join('\n'),
    );
  };

  const knob = (zh: string, en: string, turn: (argument?: string) => void, argument?: readonly string[]): Knob => ({
    title: { zh, en },
    ...(argument ? { argument } : {}),
    turn(given) {
      if (argument && given !== undefined && !argument.includes(given))
        throw new RangeError(`one of ${argument.join(', ')}`);
      turn(given);
      write();
    },
  });

  write();
  return {
    device: 'test:1',
    saneConfigDir,
    env: { SANE_CONFIG_DIR: saneConfigDir },
    knobs: {
      ...Object.fromEntries(
        Object.entries(faults).map(([name, [status, zh, en]]) => [name, knob(zh, en, () => (state.status = status))]),
      ),
      slow: knob('扫描很慢', 'Scan slowly', (argument = 'on') => (state.isSlow = argument === 'on'), ['on', 'off']),
      picture: knob('更换原稿', 'Change the original', (argument = 'Grid') => (state.picture = argument), pictures),
      unplug: knob('拔掉扫描仪', 'Unplug the scanner', () => (state.isPlugged = false)),
      replug: knob('插上扫描仪', 'Plug the scanner in', () => (state.isPlugged = true)),
      repair: knob('恢复正常', 'Clear all faults', () => Object.assign(state, { status: 'Default', isSlow: false })),
    },
    look: () => ({ ...state }),
    remove: () => rmSync(saneConfigDir, { recursive: true, force: true }),
  };
};
