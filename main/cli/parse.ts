// From the words of a command line to one command with its options, or to what is wrong with them.

import { parseArgs } from 'node:util';
import type { Language } from '../contract/text.ts';
import type { Command, CommandInput } from './command.ts';

export type Parsed =
  | { type: 'run'; command: Command; input: CommandInput; language: Language }
  /** Without a command: of all of them. */
  | { type: 'help'; command: Command | undefined; language: Language }
  | { type: 'wrong'; message: string; language: Language };

const wordsOf = (usage: string): string[] => usage.split(' ').filter((word) => /^[a-z]/.test(word));
const argumentsOf = (usage: string): string[] => usage.split(' ').filter((word) => /^\[?[A-Z]/.test(word));

/** Chinese unless the locale names another language: the halls are Chinese, their servers' locale is often `C`. */
export const languageOf = (environment: Readonly<Record<string, string | undefined>>): Language => {
  const locale = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '';
  return locale === '' || /^(zh|C$|C\.|POSIX)/i.test(locale) ? 'zh' : 'en';
};

/** `--lang en` wherever it stands, before anything else is understood: errors should come in it, too. */
const askedLanguage = (argv: readonly string[]): string | undefined => {
  const at = argv.indexOf('--lang');
  return at >= 0 ? argv[at + 1] : argv.find((word) => word.startsWith('--lang='))?.slice('--lang='.length);
};

/** The command whose words the line begins with; of several the one with the most words (`devices check` before `devices`). */
export const findCommand = (commands: readonly Command[], argv: readonly string[]): Command | undefined =>
  commands
    .filter(({ usage }) => wordsOf(usage).every((word, index) => argv[index] === word))
    .sort((a, b) => wordsOf(b.usage).length - wordsOf(a.usage).length)[0];

export const parseLine = (
  commands: readonly Command[],
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Parsed => {
  const asked = askedLanguage(argv);
  const language = asked === 'zh' || asked === 'en' ? asked : languageOf(environment);
  const wrong = (zh: string, en: string): Parsed => ({ type: 'wrong', message: language === 'zh' ? zh : en, language });
  const isHelp = argv.includes('--help') || argv.includes('-h');
  const command = findCommand(commands, argv);
  if (!command) {
    const first = argv.find((word) => !word.startsWith('-') && word !== asked);
    if (isHelp || first === undefined) return { type: 'help', command: undefined, language };
    return wrong(`没有 ${first} 这个命令`, `there is no command ${first}`);
  }
  if (isHelp) return { type: 'help', command, language };
  const own = Object.entries(command.options ?? {}).map(([name, { type }]) => [name, { type }] as const);
  try {
    const { values, positionals } = parseArgs({
      args: argv.slice(wordsOf(command.usage).length),
      options: { ...Object.fromEntries(own), json: { type: 'boolean' }, lang: { type: 'string' } },
      allowPositionals: true,
    });
    if (asked !== undefined && asked !== 'zh' && asked !== 'en')
      return wrong('--lang 只能是 zh 或 en', '--lang is zh or en');
    const wanted = argumentsOf(command.usage);
    const required = wanted.filter((word) => !word.startsWith('['));
    const missing = required[positionals.length];
    if (missing !== undefined) return wrong(`缺少参数 ${missing}`, `${missing} is missing`);
    const extra = positionals[wanted.length];
    if (extra !== undefined) return wrong(`多余的参数 ${extra}`, `${extra} is one argument too many`);
    const { json, lang: _, ...rest } = values;
    return { type: 'run', command, input: { positionals, values: rest, isJson: json === true }, language };
  } catch (error) {
    const { message } = error as Error;
    return wrong(`参数不对：${message}`, message);
  }
};

/** Help of one command, or the list of all. */
export const helpText = (commands: readonly Command[], command: Command | undefined, language: Language): string => {
  const isZh = language === 'zh';
  const common = isZh
    ? [
        '  --json           结果输出为 JSON(日志在标准错误)',
        '  --lang zh|en     语言，默认看系统设置',
        '  --help           用法',
      ]
    : [
        '  --json           results as JSON (logs on standard error)',
        '  --lang zh|en     language; the system’s by default',
        '  --help           this text',
      ];
  const codes = isZh
    ? '退出码：0 成功 · 1 有问题 · 2 用法不对'
    : 'Exit codes: 0 done · 1 something is wrong · 2 wrongly called';
  if (command) {
    const options = Object.entries(command.options ?? {}).map(([name, { value, help }]) => {
      const left = `--${name}${value === undefined ? '' : ` ${value}`}`;
      return `  ${left.padEnd(16)} ${help[language]}`;
    });
    return [
      `npm run kiosk -- ${command.usage}`,
      `  ${command.summary[language]}`,
      '',
      ...options,
      ...common,
      '',
      codes,
    ].join('\n');
  }
  const widest = Math.max(...commands.map(({ usage }) => usage.length));
  return [
    isZh ? '用法：npm run kiosk -- 命令 [选项]' : 'Usage: npm run kiosk -- COMMAND [options]',
    '',
    ...commands.map(({ usage, summary }) => `  ${usage.padEnd(widest)}  ${summary[language]}`),
    '',
    ...common,
    '',
    codes,
  ].join('\n');
};
