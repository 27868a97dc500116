// What every operator's command is: words about itself, its options, and an act on an output that tests can read.
//
//   argv ─▶ main.ts ─▶ parse.ts (options of the command) ─▶ run(input, io) ─▶ 0 done · 1 found something wrong · 2 wrongly called

import type { Language, Text } from '../contract/text.ts';

export type ExitCode = 0 | 1 | 2;

export type Io = {
  /** Results: standard output. */
  out(line: string): void;
  /** Everything said about the work: standard error. */
  err(line: string): void;
  /** Shown to a person, answered by a person; undefined where nobody is. `isHidden` echoes nothing. */
  ask(question: string, options?: { isHidden?: boolean }): Promise<string | undefined>;
  /** A person sits at the terminal. */
  isTerminal: boolean;
  language: Language;
  environment: Readonly<Record<string, string | undefined>>;
};

export type OptionWords = { type: 'string' | 'boolean'; value?: string; help: Text };

export type CommandInput = {
  positionals: readonly string[];
  values: Readonly<Record<string, string | boolean | undefined>>;
  isJson: boolean;
};

export type Command = {
  /** How it is called: `config check FILE`. The lower-case words choose it, the capitals are its arguments. */
  usage: string;
  summary: Text;
  options?: Readonly<Record<string, OptionWords>>;
  run(input: CommandInput, io: Io): Promise<ExitCode>;
};

/** Wrongly called: says why and how to ask for help. */
export const misused = (io: Io, zh: string, en: string): ExitCode => {
  io.err(io.language === 'zh' ? zh : en);
  io.err(io.language === 'zh' ? '加 --help 查看用法' : 'See --help');
  return 2;
};

export const stringOf = (value: string | boolean | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;
