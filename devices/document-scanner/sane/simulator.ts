// scanimage as the driver's messages tell of it, for the fault campaigns: it answers requests as the real program did with SANE's
// test backend (fixtures/). Nothing of the codec is used. The real program itself is tested in test/testbed/hall.

import { readFileSync } from 'node:fs';
import type { Knob, SimulatorFactory } from '../../kit/simulator.ts';

const optionsText = readFileSync(new URL('fixtures/options-test-backend.txt', import.meta.url), 'utf8');

/** One white pixel: the smallest whole PNG. */
export const simulatedPage = Uint8Array.from(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
);

/** First byte of a message, as the head of codec.ts describes it. */
const kinds = { stderr: 1, stdout: 2, page: 3, ended: 4 } as const;

const message = (kind: number, run: number, content: string | Uint8Array, page = 0): Uint8Array =>
  Uint8Array.from([kind, run, page, ...(typeof content === 'string' ? Buffer.from(content, 'utf8') : content)]);

/** What scanimage says last and what it ends with (sane.h). */
const troubles = {
  none: undefined,
  jam: ['sane_start: Document feeder jammed', 6],
  openCover: ['sane_start: Scanner cover is open', 8],
  emptyFeeder: ['sane_start: Document feeder out of documents', 7],
  occupied: ['sane_start: Device busy', 3],
  brokenLine: ['sane_read: Error during device I/O', 9],
} as const;
export type TroubleName = keyof typeof troubles;

/** Two of one maker, as in an office. */
const devices = [
  { name: 'genesys:libusb:001:004', model: 'LiDE 300 flatbed' },
  { name: 'fujitsu:fi-7160:1', model: 'fi-7160 feeder' },
] as const;

const pageMs = 300;
const killMs = 20;

/** `stackOf` sheets lie in the feeder; a fault comes after `troubleAfter` of them. */
export const createScanimageSimulator: SimulatorFactory = (wire, { clock }) => {
  let trouble: TroubleName = 'none';
  let troubleAfter = 0;
  let stackOf = 3;
  let runs = 0;
  let run = 0;
  let stopRun: (() => void) | undefined;

  const say = (kind: keyof typeof kinds, content: string | Uint8Array, page = 0): void =>
    wire.send(message(kinds[kind], run, content, page));
  const end = (code: number | null, pages: readonly Uint8Array[] = []): void => {
    stopRun = undefined;
    for (const [index, page] of pages.entries()) say('page', page, index + 1);
    say('ended', JSON.stringify({ code, pages: pages.length }));
  };

  const scan = (isStack: boolean): void => {
    let given = 0;
    const wanted = isStack ? stackOf : 1;
    const pages: Uint8Array[] = [];
    const next = (): void => {
      const spoken = troubles[trouble];
      if (spoken && given >= troubleAfter) {
        say('stderr', `scanimage: ${spoken[0]}\n`);
        end(spoken[1], pages);
        return;
      }
      if (given === wanted) {
        if (isStack) say('stderr', 'scanimage: sane_start: Document feeder out of documents\n');
        end(isStack ? 7 : 0, pages);
        return;
      }
      given += 1;
      say('stderr', 'Progress: 50.0%\rProgress: 100.0%\r');
      pages.push(simulatedPage);
      stopRun = clock.after(pageMs, next);
    };
    stopRun = clock.after(pageMs, next);
  };

  const knobs: Record<string, Knob> = {
    fault: {
      title: { zh: '故障（一直存在，none 为恢复）', en: 'Fault that stands until set to none' },
      argument: Object.keys(troubles),
      turn(argument = 'none') {
        if (!Object.hasOwn(troubles, argument)) throw new RangeError(`there is no fault "${argument}"`);
        trouble = argument as TroubleName;
      },
    },
    faultAfter: {
      title: { zh: '扫几页后出故障', en: 'Pages before the fault' },
      argument: 'number',
      turn: (argument = '0') => (troubleAfter = Number(argument)),
    },
    load: {
      title: { zh: '进纸口放几张纸', en: 'Sheets in the feeder' },
      argument: 'number',
      turn: (argument = '3') => (stackOf = Number(argument)),
    },
  };

  return {
    receive(bytes) {
      const request = JSON.parse(Buffer.from(bytes).toString('utf8')) as {
        type: string;
        run?: number;
        arguments?: string[];
      };
      if (request.type === 'signal') {
        if (!stopRun) return;
        stopRun();
        stopRun = clock.after(killMs, () => end(null));
        return;
      }
      stopRun?.();
      runs += 1;
      run = request.run ?? 0;
      const given = request.arguments ?? [];
      if (given.includes('-f')) {
        say('stdout', devices.map(({ name, model }) => `device|${name}|Simulated|${model}\n`).join(''));
        end(0);
      } else if (given.includes('-A')) {
        say('stdout', optionsText);
        end(0);
      } else scan(given.some((argument) => argument.startsWith('--batch=')));
    },
    knobs,
    look: () => ({ runs, trouble, stackOf }),
    stop: () => stopRun?.(),
  };
};
