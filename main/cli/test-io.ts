// A terminal for the tests beside: what was said is kept, answers are given beforehand.

import type { Io } from './command.ts';

export type TestIo = Io & { outLines: string[]; errLines: string[]; asked: string[] };

export const createTestIo = (
  change: Partial<Pick<Io, 'language' | 'isTerminal'>> = {},
  answers: string[] = [],
): TestIo => {
  const outLines: string[] = [];
  const errLines: string[] = [];
  const asked: string[] = [];
  return {
    out: (line) => void outLines.push(line),
    err: (line) => void errLines.push(line),
    ask(question) {
      asked.push(question);
      return Promise.resolve(answers.shift());
    },
    isTerminal: false,
    language: 'en',
    environment: {},
    ...change,
    outLines,
    errLines,
    asked,
  };
};
