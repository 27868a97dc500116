// What a walk may vary.

import { parseArgs } from 'node:util';

export const walkNames = ['restaurant', 'queue-ticket', 'pick-up', 'result', 'deposit'] as const;
export type WalkName = (typeof walkNames)[number];

/** Steps of the screens, in the order of the walk; `kill … --at` takes these. */
export const killSteps = [
  'attract',
  'home',
  'guide',
  'identify',
  'form',
  'materials',
  'review',
  'sign',
  'submit',
  'receipt',
  'locker',
  'rate',
  'goodbye',
] as const;
/** Of the other walks. */
const otherKillSteps = ['showToken', 'pickUp'] as const;
export type KillStep = (typeof killSteps)[number] | (typeof otherKillSteps)[number];

export type WalkOptions = {
  walk: WalkName;
  offline: 'never' | 'always' | 'middle';
  /** Kills at each of these steps, once. */
  kill?: { what: 'ui' | 'host'; at: KillStep[] };
  /** Everything that can go wrong at a device does, once. */
  hasTroubles: boolean;
  json: boolean;
  mode: 'standard' | 'elder';
  orientation: 'portrait' | 'landscape';
  /** How the visit is rated. */
  rateOn: 'pad' | 'screen' | 'nowhere';
  screenshots?: string;
};

const oneOf = <T extends string>(name: string, value: string, allowed: readonly T[]): T => {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new Error(`--${name} ${value}: use one of ${allowed.join(', ')}`);
  return found;
};

/** One step, or several with commas. */
const stepsOf = (text: string): KillStep[] =>
  text.split(',').map((step) => oneOf('at', step, [...killSteps, ...otherKillSteps]));

/** Throws with a line for the person at the terminal. */
export const parseWalk = (args: readonly string[]): WalkOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      walk: { type: 'string' },
      offline: { type: 'string', default: 'never' },
      kill: { type: 'string' },
      at: { type: 'string' },
      troubles: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      mode: { type: 'string', default: 'standard' },
      orientation: { type: 'string', default: 'portrait' },
      rate: { type: 'string', default: 'pad' },
      screenshots: { type: 'string' },
    },
  });
  if ((values.kill === undefined) !== (values.at === undefined)) throw new Error('--kill and --at go together');
  return {
    walk: oneOf('walk', values.walk ?? '', walkNames),
    offline: oneOf('offline', values.offline, ['never', 'always', 'middle'] as const),
    ...(values.kill === undefined
      ? {}
      : {
          kill: {
            what: oneOf('kill', values.kill, ['ui', 'host'] as const),
            at: stepsOf(values.at ?? ''),
          },
        }),
    hasTroubles: values.troubles,
    json: values.json,
    mode: oneOf('mode', values.mode, ['standard', 'elder'] as const),
    orientation: oneOf('orientation', values.orientation, ['portrait', 'landscape'] as const),
    rateOn: oneOf('rate', values.rate, ['pad', 'screen', 'nowhere'] as const),
    ...(values.screenshots === undefined ? {} : { screenshots: values.screenshots }),
  };
};
