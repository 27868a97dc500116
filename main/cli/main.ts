// `npm run kiosk -- …`: the operators' commands. Results on standard output, everything else on standard error.

import { commands } from './commands.ts';
import type { ExitCode } from './command.ts';
import { helpText, parseLine } from './parse.ts';
import { createTerminalIo } from './terminal.ts';

const run = async (argv: readonly string[]): Promise<ExitCode> => {
  const parsed = parseLine(commands, argv, process.env);
  const terminal = createTerminalIo(parsed.language);
  try {
    switch (parsed.type) {
      case 'help':
        terminal.io.out(helpText(commands, parsed.command, parsed.language));
        return 0;
      case 'wrong':
        terminal.io.err(parsed.message);
        terminal.io.err(parsed.language === 'zh' ? '加 --help 查看用法' : 'See --help');
        return 2;
      case 'run':
        return await parsed.command.run(parsed.input, terminal.io);
      default:
        return parsed satisfies never;
    }
  } finally {
    terminal.close();
  }
};

process.exitCode = await run(process.argv.slice(2));
// What a serial library keeps open must not keep an operator waiting; what was written is flushed first.
process.stdout.write('', () => process.exit());
