// The reference intake server as a process of its own.
//
//   node test/testbed/central/main.ts --dir DIRECTORY [--port 8080] [--kiosk ID=KEY …] [--capacity N] [--admin-key KEY] [--json]
//   node test/testbed/central/main.ts --openapi
//
// With DATABASE_URL in the environment the books are in that PostgreSQL database, and several such processes may share it and DIRECTORY.
// With an IPC channel it also takes control messages `{ id, call, args }` and answers `{ id, ok, value | error }`.

import { parseArgs } from 'node:util';
import { startCentral, type Central } from './central.ts';
import type { ErrorPlan } from './faults.ts';
import type { Business } from './hall-queue.ts';
import { generateOpenApi } from './openapi.ts';

const usage = `Reference server of the central intake API.

  --dir DIRECTORY   where books, scans and the receipt key are kept (required)
  --port PORT       port to listen on; 0 takes any free one (default 0)
  --host HOST       address to listen on (default 127.0.0.1)
  --kiosk ID=KEY    a kiosk and its bearer key; repeatable. Without any, the first key that comes with an id is that kiosk's
  --capacity N      requests a second that are taken; above it answers are 429 with Retry-After (default: no limit)
  --admin-key KEY   bearer key of GET /admin/counts, /admin/events?kiosk=ID and /admin/arrivals; without it they do not exist
  --json            print one JSON object when ready: url, port, publicKey, directory
  --openapi         print the API as an OpenAPI document and leave
  --help            this text

DATABASE_URL=postgres://… keeps the books in that database instead of a SQLite file. Any number of processes may run on one database,
with the same --dir for the scans.
`;

const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    kiosk: { type: 'string', multiple: true },
    capacity: { type: 'string' },
    'admin-key': { type: 'string' },
    json: { type: 'boolean', default: false },
    openapi: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const refuse = (message: string): never => {
  process.stderr.write(`${message}\n\n${usage}`);
  process.exit(2);
};

const keysOf = (pairs: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1 || at === pair.length - 1) refuse(`--kiosk takes ID=KEY, not ${pair}`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );

type ControlMessage = { id: number | string; call: string; args: unknown[] };

const isControlMessage = (message: unknown): message is ControlMessage =>
  typeof message === 'object' &&
  message !== null &&
  'id' in message &&
  'call' in message &&
  typeof message.call === 'string' &&
  'args' in message &&
  Array.isArray(message.args);

/** The calls that a parent process may make. */
const perform = async (central: Central, { call, args: [first, second] }: ControlMessage): Promise<unknown> => {
  const { control } = central;
  switch (call) {
    case 'setOutage':
      return control.setOutage(first === true);
    case 'setLatency':
      return control.setLatency(Number(first));
    case 'setErrors':
      return control.setErrors(first as ErrorPlan | undefined);
    case 'cutAfter':
      return control.cutAfter(Number(first), second === undefined ? undefined : Number(second));
    case 'setBusiness':
      return control.setBusiness(first as Business);
    case 'counts':
      return central.counts();
    case 'arrivals':
      return central.arrivals();
    case 'case':
      return central.case(String(first));
    default:
      throw new Error(`there is no control ${call}`);
  }
};

const run = async (): Promise<void> => {
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  if (values.openapi) {
    process.stdout.write(`${JSON.stringify(await generateOpenApi(), null, 2)}\n`);
    return;
  }
  const { dir: directory, host } = values;
  const port = Number(values.port);
  if (directory === undefined) return refuse('--dir is required');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return refuse(`--port takes a port, not ${values.port}`);
  const capacity = values.capacity === undefined ? undefined : Number(values.capacity);
  if (capacity !== undefined && !(capacity >= 1))
    return refuse(`--capacity takes requests a second, not ${values.capacity}`);
  const databaseUrl = process.env['DATABASE_URL'];
  const central = await startCentral({
    directory,
    port,
    host,
    ...(databaseUrl === undefined || databaseUrl === '' ? {} : { databaseUrl }),
    ...(capacity === undefined ? {} : { capacity }),
    ...(values['admin-key'] === undefined ? {} : { adminKey: values['admin-key'] }),
    ...(values.kiosk ? { kioskKeys: keysOf(values.kiosk) } : {}),
  });
  const { url, publicKey } = central;
  const ready = { url, port: central.port, publicKey, directory };
  if (values.json) process.stdout.write(`${JSON.stringify(ready)}\n`);
  else process.stderr.write(`统一受理平台（参考服务器） Central intake reference server: ${url}\n`);
  const stop = (): void => {
    void central.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (!process.send) return;
  process.once('disconnect', stop);
  process.on('message', (message) => {
    if (!isControlMessage(message)) return;
    const { id } = message;
    perform(central, message).then(
      (value) => process.send?.({ id, ok: true, value }),
      (error: unknown) => process.send?.({ id, ok: false, error: String(error) }),
    );
  });
  process.send({ type: 'ready', ...ready });
};

await run();
