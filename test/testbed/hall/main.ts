// One simulated device as a process of its own: `npm run sim -- KIND`. Prints where a driver finds it and stays. Knobs are turned
// by lines on standard input, or by messages when another program forked it (hall.ts).

import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { systemClock } from '../../../devices/kit/clock.ts';
import type { Knob } from '../../../devices/kit/simulator.ts';
import { requestSchema, type KnobFace, type SimulatorMessage } from './messages.ts';
import { openTcpPort, openTtyPort } from './port.ts';
import { farEndOfDriver, farEnds, UsageError, type FarEnd } from './far-ends.ts';
import { createSaneTestbed } from './sane.ts';
import { simulators, wiredKinds, type WiredKind } from './simulators.ts';
import { startWire } from './wire.ts';

const help = `Simulated hall device on a real tty.

  npm run sim -- KIND [--driver D] [options]
  npm run sim -- --list

KIND: ${wiredKinds.join(', ')}, document-scanner

  --driver D       the far end of that driver, or of one of its variants (D/VARIANT), instead of the kind's usual one
  --list           what --driver takes, one a line: kind, driver, variant; with --json an array
  --link PATH      a path that always points to the tty, also after replugging
                   (document-scanner: the SANE configuration folder)
  --baud N         speed of the wire; 0 is unlimited (default: the device's usual one)
  --model M        the simulator's setting "model"
  --settings JSON  settings of the simulator
  --tcp [PORT]     serve a TCP port instead of a tty, e.g. where there are no ttys
  --json           print one object {"kind","path"} instead of the path
  --help

Turn knobs by lines on standard input: "help" lists them, "look" shows the device, "quit" ends.
Exit: 0 ended, 1 could not start, 2 wrong use.
`;

type Started = {
  path: string;
  device?: string;
  knobs: Readonly<Record<string, Knob & { isOfLink?: boolean }>>;
  turn(knob: string, argument?: string): Promise<void>;
  look(): Record<string, unknown>;
  stop(): Promise<void>;
};

type Arguments = {
  kind: WiredKind | 'document-scanner';
  driver: string | undefined;
  link: string | undefined;
  baudRate: number | undefined;
  tcpPort: number | undefined;
  settings: Record<string, unknown>;
  isJson: boolean;
};

const wholeNumber = (text: string, name: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new UsageError(`--${name} wants a number, not "${text}"`);
  return value;
};

const parseSettings = (text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Reported below, like any other wrong value.
  }
  throw new UsageError('--settings wants a JSON object');
};

/** `--tcp` alone means any free port; parseArgs has no optional values. */
const withTcpPort = (args: readonly string[]): string[] =>
  args.flatMap((argument, index) =>
    argument === '--tcp' && !/^\d+$/.test(args[index + 1] ?? '') ? ['--tcp=0'] : [argument],
  );

const readArguments = (args: readonly string[]): Arguments | 'help' | 'list' | 'listJson' => {
  let parsed;
  try {
    parsed = parseArgs({
      args: withTcpPort(args),
      allowPositionals: true,
      options: {
        driver: { type: 'string' },
        list: { type: 'boolean' },
        link: { type: 'string' },
        baud: { type: 'string' },
        model: { type: 'string' },
        settings: { type: 'string' },
        tcp: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.help) return 'help';
  if (values.list) return values.json === true ? 'listJson' : 'list';
  const kind = [...wiredKinds, 'document-scanner' as const].find((known) => known === positionals[0]);
  if (kind === undefined || positionals.length > 1)
    throw new UsageError(positionals[0] === undefined ? 'which KIND?' : `there is no kind "${positionals.join(' ')}"`);
  const settings = values.settings === undefined ? {} : parseSettings(values.settings);
  return {
    kind,
    driver: values.driver,
    link: values.link,
    baudRate: values.baud === undefined ? undefined : wholeNumber(values.baud, 'baud'),
    tcpPort: values.tcp === undefined ? undefined : wholeNumber(values.tcp, 'tcp'),
    settings: { ...settings, ...(values.model === undefined ? {} : { model: values.model }) },
    isJson: values.json === true,
  };
};

const startScanner = (link: string | undefined): Started => {
  const { device, saneConfigDir, knobs, look, remove } = createSaneTestbed(link);
  return {
    path: saneConfigDir,
    device,
    knobs,
    async turn(name, argument) {
      const knob = Object.hasOwn(knobs, name) ? knobs[name] : undefined;
      if (!knob) throw new RangeError(`there is no knob ${name}`);
      knob.turn(argument);
    },
    look,
    async stop() {
      remove();
    },
  };
};

/** The far end that is wanted: that of a driver, with its rehearsed settings, or the kind's usual one. */
const farEndOf = async (kind: WiredKind | 'document-scanner', driver: string | undefined): Promise<FarEnd> => {
  if (driver !== undefined) return farEndOfDriver(kind, driver);
  if (kind === 'document-scanner') throw new UsageError('SANE has no wire');
  const { baudRate, load } = simulators[kind];
  return { baudRate, factory: await load(), settings: {} };
};

const start = async ({ kind, driver, link, baudRate, tcpPort, settings }: Arguments): Promise<Started> => {
  if (kind === 'document-scanner' && driver === undefined) return startScanner(link);
  const farEnd = await farEndOf(kind, driver);
  const speed = baudRate ?? farEnd.baudRate;
  return startWire({
    clock: systemClock,
    factory: farEnd.factory,
    settings: { ...farEnd.settings, ...settings },
    ...(speed > 0 ? { baudRate: speed } : {}),
    openPort: (onBytes) => (tcpPort === undefined ? openTtyPort(onBytes, link) : openTcpPort(onBytes, tcpPort)),
  });
};

const facesOf = (device: Started): KnobFace[] =>
  Object.entries(device.knobs).map(([name, { title, argument, isOfLink }]) => ({
    name,
    title,
    ...(argument === undefined ? {} : { argument: typeof argument === 'string' ? argument : [...argument] }),
    ...(isOfLink ? { isOfLink } : {}),
  }));

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** One line of standard input: a knob with its argument, or `help`, `look`. `quit` is answered as it is. */
const obeyLine = async (device: Started, line: string): Promise<string> => {
  const [word = '', ...rest] = line.trim().split(/\s+/);
  if (word === '') return '';
  if (word === 'quit') return 'quit';
  if (word === 'look') return JSON.stringify(device.look(), undefined, 2);
  if (word === 'help')
    return facesOf(device)
      .map(({ name, title, argument }) => {
        const values =
          argument === undefined ? '' : typeof argument === 'string' ? `<${argument}>` : argument.join(' | ');
        return `${name} ${values}\n    ${title.zh} / ${title.en}`;
      })
      .join('\n');
  const before = device.path;
  await device.turn(word, rest.length > 0 ? rest.join(' ') : undefined);
  return device.path === before ? 'ok' : `ok, now at ${device.path}`;
};

const serveMessages = (device: Started, kind: string, end: () => Promise<void>): void => {
  const say = (message: SimulatorMessage): void => {
    if (process.connected) process.send?.(message);
  };
  process.on('message', (raw) => {
    const request = requestSchema.safeParse(raw);
    if (!request.success) return;
    const { data } = request;
    const answer = async (): Promise<void> => {
      if ('stop' in data) {
        say({ id: data.id, ok: true });
        await end();
      } else if ('look' in data) say({ id: data.id, ok: true, look: device.look() });
      else {
        await device.turn(data.turn.knob, data.turn.argument);
        say({ id: data.id, ok: true });
      }
    };
    answer().catch((error: unknown) => say({ id: data.id, ok: false, error: messageOf(error) }));
  });
  // The program that wanted this device is gone.
  process.on('disconnect', () => void end());
  const { path } = device;
  say({
    ready: { kind, path, knobs: facesOf(device), ...(device.device === undefined ? {} : { device: device.device }) },
  });
};

const run = async (): Promise<void> => {
  const wanted = readArguments(process.argv.slice(2));
  if (wanted === 'help') {
    process.stdout.write(help);
    return;
  }
  if (wanted === 'list' || wanted === 'listJson') {
    const all = await farEnds();
    const lines = all.map(({ kind, name, isServed }) => `${kind} ${name}${isServed ? '' : ' (not on a tty)'}\n`);
    process.stdout.write(wanted === 'listJson' ? `${JSON.stringify(all)}\n` : lines.join(''));
    return;
  }
  const device = await start(wanted);
  let isEnding = false;
  const end = async (): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    await device.stop();
    process.exit(0);
  };
  process.on('SIGINT', () => void end());
  process.on('SIGTERM', () => void end());
  if (process.send) {
    serveMessages(device, wanted.kind, end);
    return;
  }
  const { kind, isJson } = wanted;
  const place = { kind, path: device.path, ...(device.device === undefined ? {} : { device: device.device }) };
  process.stdout.write(`${isJson ? JSON.stringify(place) : device.path}\n`);
  // Stays until it is told to end, also when nobody is at the keyboard.
  setInterval(() => undefined, 2 ** 30);
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    obeyLine(device, line)
      .then((said) => (said === 'quit' ? end() : void process.stderr.write(said === '' ? '' : `${said}\n`)))
      .catch((error: unknown) => process.stderr.write(`${messageOf(error)}\n`));
  });
};

run().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  if (error instanceof UsageError) process.stderr.write('See --help.\n');
  // Ends even where a half-started device still holds something open.
  process.exit(error instanceof UsageError ? 2 : 1);
});
