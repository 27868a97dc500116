// `npm start`: runs the kiosk of a configuration file; without one, a demo hall with simulated devices.
//
//   npm start                              demo hall: host, central server, simulated devices, window
//   npm start -- --config kiosk.json       this kiosk
//   npm start -- --walk restaurant --json  a whole visit, driven by touch, with a report

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { registry } from '../../devices/registry.ts';
import { formatConfigErrors, loadConfig } from '../../kiosk-config/parse.ts';
import { nodePath, runKiosk } from './run-kiosk.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const usage = `用法 / Usage:
  npm start                                演示大厅 / demo hall with simulated devices
  npm start -- --config FILE               按配置运行 / run this kiosk
  npm start -- --walk NAME [options]       走一遍流程 / drive a whole visit by touch and report
      NAME: restaurant | queue-ticket
      --json                               one JSON object on standard output
      --offline never|always|middle        when the network is down
      --kill ui|host --at STEP[,STEP…]     kill a process at each of these steps
      --screenshots DIR                    keep pictures of every step
      --troubles                           everything goes wrong once
      --mode standard|elder  --orientation portrait|landscape  --rate pad|screen|nowhere
  npm start -- --help`;

/** Runs a script of the testbed in a process of its own: the product itself imports nothing from it. */
const runScript = (script: string, args: readonly string[]): Promise<number> =>
  new Promise((resolve) => {
    const path = join(root, script);
    if (!existsSync(path)) {
      say(`这个安装包不含演示环境，请用 --config 指定配置 / This package has no demo; use --config FILE`);
      resolve(2);
      return;
    }
    const child = spawn(nodePath(), [path, ...args], {
      stdio: 'inherit',
      env: { ...process.env, UV_USE_IO_URING: '0' },
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    child.once('exit', (code) => resolve(code ?? 1));
  });

const runConfigured = async (configPath: string): Promise<number> => {
  const loaded = loadConfig(configPath, { drivers: registry });
  if (!loaded.ok) {
    say(formatConfigErrors(loaded.error.problems, 'zh'));
    say(formatConfigErrors(loaded.error.problems, 'en'));
    return 1;
  }
  return new Promise((resolve) => {
    void runKiosk({
      configPath,
      config: loaded.value,
      say,
      onCannotStart(code, message) {
        say(`${code}: ${message}`);
        resolve(1);
      },
    }).then((supervision) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const)
        process.on(signal, () => void supervision.stop().then(() => resolve(0)));
      return supervision.ready;
    });
  });
};

const main = (args: string[]): Promise<number> => {
  if (args.includes('--walk')) return runScript('test/e2e/walk/main.ts', args);
  const { values } = parseArgs({
    args,
    options: { config: { type: 'string' }, dev: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    strict: false,
  });
  if (values.help === true) {
    process.stdout.write(`${usage}\n`);
    return Promise.resolve(0);
  }
  if (typeof values.config === 'string') return runConfigured(values.config);
  return runScript('test/testbed/demo.ts', args);
};

process.exitCode = await main(process.argv.slice(2));
process.exit();
