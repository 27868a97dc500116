// The terminal that a command is run at: questions on standard error, answers from standard input, hidden ones without an echo.

import { createInterface, type Interface } from 'node:readline';
import type { Io } from './command.ts';

export const createTerminalIo = (language: Io['language']): { io: Io; close(): void } => {
  const isTerminal = process.stdin.isTTY;
  let reader: Interface | undefined;
  let isHidden = false;
  const waiting: ((line: string | undefined) => void)[] = [];
  const early: string[] = [];
  let isEnded = false;

  const open = (): Interface => {
    if (reader) return reader;
    const made = createInterface({
      input: process.stdin,
      output: process.stderr,
      terminal: isTerminal,
      historySize: 0,
    });
    // What is typed hidden is not written back; readline has no switch for it, only this method.
    const writer = made as Interface & { _writeToOutput?: (text: string) => void };
    const write = writer._writeToOutput?.bind(made);
    if (write)
      writer._writeToOutput = (text) => {
        if (!isHidden) write(text);
      };
    made.on('line', (line) => {
      const next = waiting.shift();
      if (next) next(line);
      else early.push(line);
    });
    // Without a listener readline would swallow it and wait on.
    made.on('SIGINT', () => process.exit(130));
    made.on('close', () => {
      isEnded = true;
      for (const next of waiting.splice(0)) next(undefined);
    });
    reader = made;
    return made;
  };

  return {
    io: {
      out: (line) => void process.stdout.write(`${line}\n`),
      err: (line) => void process.stderr.write(`${line}\n`),
      async ask(question, options = {}) {
        open();
        process.stderr.write(isTerminal ? question : `${question}\n`);
        isHidden = options.isHidden === true;
        const ready = early.shift();
        const answer =
          ready ?? (isEnded ? undefined : await new Promise<string | undefined>((resolve) => waiting.push(resolve)));
        if (isHidden && isTerminal) process.stderr.write('\n');
        isHidden = false;
        return answer;
      },
      isTerminal,
      language,
      environment: process.env,
    },
    close: () => reader?.close(),
  };
};
