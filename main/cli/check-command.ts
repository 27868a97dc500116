// `devices check KIND`: runs a device's health checks from the terminal. Those that need eyes ask their question there.

import type { CheckScope, CheckVerdict, HealthCheck } from '../../devices/kit/device.ts';
import type { HallDevice, HallDevices } from '../host/hall-devices.ts';
import { misused, stringOf, type Command, type ExitCode, type Io } from './command.ts';
import { configFor, withDevices } from './live-devices.ts';

const scopes = ['internal', 'external', 'interactive'] as const satisfies readonly CheckScope[];

type CheckReport = CheckVerdict & { device: string; check: string; scope: CheckScope };

/** A yes or no from the terminal; whoever says nothing says no. */
export const askYesNo = async (question: string, io: Io): Promise<boolean> => {
  for (;;) {
    const answer = await io.ask(`${question} ${io.language === 'zh' ? '(y 是 / n 否)' : '(y/n)'} `);
    const word = answer?.trim().toLowerCase();
    if (word === undefined || ['n', 'no', '否', '不'].includes(word)) return false;
    if (['y', 'yes', '是'].includes(word)) return true;
  }
};

/** By name, else all of a scope; internal ones unless another is asked for. */
export const chosenChecks = (
  checks: readonly HealthCheck[],
  wish: { name?: string | undefined; scope?: CheckScope | undefined },
): readonly HealthCheck[] =>
  wish.name === undefined
    ? checks.filter(({ scope }) => scope === (wish.scope ?? 'internal'))
    : checks.filter(({ name }) => name === wish.name);

const runChecks = async (
  entry: HallDevice,
  checks: readonly HealthCheck[],
  isJson: boolean,
  io: Io,
): Promise<ExitCode> => {
  const reports: CheckReport[] = [];
  for (const { name, scope, title, run } of checks) {
    if (!isJson) io.err(`… ${title[io.language]}`);
    const verdict = await run((question) => askYesNo(question[io.language], io)).catch(
      (error: unknown): CheckVerdict => ({ passed: false, code: 'checkFailed', detail: String(error) }),
    );
    reports.push({ device: entry.config.id, check: name, scope, ...verdict });
    if (isJson) continue;
    const word = io.language === 'zh' ? (verdict.passed ? '通过' : '未通过') : verdict.passed ? 'passed' : 'FAILED';
    io.out(`${word}  ${name}  ${title[io.language]}  ${verdict.passed ? '' : `${verdict.code} · `}${verdict.detail}`);
  }
  if (isJson) io.out(JSON.stringify(reports, undefined, 2));
  return reports.every(({ passed }) => passed) ? 0 : 1;
};

const findDevice = (live: HallDevices, wanted: string): HallDevice | undefined =>
  live.get(wanted) ?? live.all().find(({ config }) => config.kind === wanted);

export const devicesCheck: Command = {
  usage: 'devices check KIND',
  summary: { zh: '对一台设备做健康检查（种类或编号）', en: 'run the health checks of a device (its kind or id)' },
  options: {
    config: { type: 'string', value: 'FILE', help: { zh: '本机的配置文件', en: 'this kiosk’s configuration' } },
    check: { type: 'string', value: 'NAME', help: { zh: '只做这一项', en: 'this one only' } },
    scope: {
      type: 'string',
      value: 'SCOPE',
      help: {
        zh: 'internal(默认，看不见动作)| external(打印、发声、开门)| interactive(要人回答)',
        en: 'internal (default, nothing to see) | external (prints, beeps, opens) | interactive (asks you)',
      },
    },
    verbose: { type: 'boolean', help: { zh: '把设备日志写到标准错误', en: 'the devices’ log on standard error' } },
  },
  async run({ positionals: [wanted = ''], values, isJson }, io) {
    const file = stringOf(values['config']);
    if (file === undefined) return misused(io, '请用 --config 指出配置文件', 'say which configuration: --config FILE');
    const scope = scopes.find((one) => one === values['scope']);
    if (values['scope'] !== undefined && scope === undefined)
      return misused(io, `--scope 只能是 ${scopes.join('、')}`, `--scope is one of ${scopes.join(', ')}`);
    const config = configFor(file, io);
    if (!config) return 1;
    const own = config.devices.filter(({ id, kind }) => id === wanted || kind === wanted);
    if (own.length === 0) {
      const known = config.devices.map(({ id, kind }) => `${id} (${kind})`).join(', ');
      return misused(io, `配置里没有 ${wanted}；有：${known}`, `${wanted} is not configured; there are: ${known}`);
    }
    // Only the device that is meant is opened: the others may be at work.
    return withDevices(
      { devices: own },
      io,
      async (live) => {
        const entry = findDevice(live, wanted);
        if (!entry) throw new Error(`${wanted} was configured and did not start`);
        const checks = chosenChecks(entry.device.checks, { name: stringOf(values['check']), scope });
        if (checks.length === 0) {
          const known = entry.device.checks.map(({ name, scope: one }) => `${name} (${one})`).join(', ');
          return misused(io, `没有这样的检查；有：${known}`, `no such check; there are: ${known}`);
        }
        return runChecks(entry, checks, isJson, io);
      },
      { isVerbose: values['verbose'] === true },
    );
  },
};
