import { describe, expect, test } from 'vitest';
import { commands } from './commands.ts';
import { helpText, languageOf, parseLine, type Parsed } from './parse.ts';

const parse = (line: string, environment: Record<string, string> = {}): Parsed =>
  parseLine(
    commands,
    line.split(' ').filter((word) => word !== ''),
    environment,
  );

const runOf = (line: string): Extract<Parsed, { type: 'run' }> => {
  const parsed = parse(line);
  if (parsed.type !== 'run') throw new Error(`${line} was not understood: ${JSON.stringify(parsed)}`);
  return parsed;
};

describe('which command', () => {
  test('the longer words win: `devices check` is not `devices` with an argument', () => {
    expect(runOf('devices').command.usage).toBe('devices');
    expect(runOf('devices check locker --config a.json').command.usage).toBe('devices check KIND');
  });
  test('arguments and options may stand in any order', () => {
    const { input } = runOf('devices check --config a.json locker --json');
    expect(input).toEqual({ positionals: ['locker'], values: { config: 'a.json' }, isJson: true });
  });
  test.each([
    ['', undefined],
    ['--help', undefined],
    ['doctor --help', 'doctor'],
    ['config check -h', 'config check FILE'],
  ])('%j asks for help', (line, usage) => {
    const parsed = parse(line);
    expect([parsed.type, parsed.type === 'help' && parsed.command?.usage]).toEqual(['help', usage]);
  });
});

describe('what is wrong with a line', () => {
  test.each([
    ['dance', 'there is no command dance'],
    ['config check', 'FILE is missing'],
    ['config check a b', 'b is one argument too many'],
    ['doctor --lang fr', '--lang is zh or en'],
    ['doctor --confg a.json', 'confg'],
  ])('%j', (line, message) => {
    const parsed = parse(line, { LANG: 'en_GB.UTF-8' });
    expect(parsed.type).toBe('wrong');
    expect(parsed.type === 'wrong' && parsed.message).toContain(message);
  });
});

test.each([
  [{}, 'zh'],
  [{ LANG: 'C.UTF-8' }, 'zh'],
  [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
  [{ LANG: 'en_GB.UTF-8' }, 'en'],
  [{ LANG: 'en_GB.UTF-8', LC_ALL: 'zh_CN.UTF-8' }, 'zh'],
] as const)('the locale %j reads %s', (environment, language) => {
  expect(languageOf(environment)).toBe(language);
});

test('--lang wins over the locale, also where it comes last', () => {
  expect(parse('dance --lang en', { LANG: 'zh_CN.UTF-8' })).toMatchObject({ type: 'wrong', language: 'en' });
});

test('help names every command, and of one command every option', () => {
  const all = helpText(commands, undefined, 'en');
  for (const { usage } of commands) expect(all).toContain(usage);
  for (const command of commands)
    for (const name of Object.keys(command.options ?? {}))
      expect(helpText(commands, command, 'zh')).toContain(`--${name}`);
});
