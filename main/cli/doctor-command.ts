// `doctor`: is this machine fit to be the kiosk of that configuration? Each line ok, warn or FAIL, with what to do.

import { registry } from '../../devices/registry.ts';
import { loadConfig } from '../../kiosk-config/parse.ts';
import type { KioskConfig } from '../../kiosk-config/schema.ts';
import { misused, stringOf, type Command } from './command.ts';
import { checkBundleRoot } from './doctor-bundles.ts';
import { checkCentral, checkCertificate } from './doctor-central.ts';
import {
  checkChromium,
  checkFonts,
  checkKeys,
  checkPorts,
  checkScanner,
  checkStore,
  type Finding,
} from './doctor-checks.ts';

const levelWords = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

/** Everything after the configuration itself, in the order in which one would put it right. */
const examine = async (config: KioskConfig): Promise<Finding[]> => {
  const findings = await Promise.all([
    checkStore(config),
    checkKeys(config),
    checkPorts(config),
    checkChromium(config),
    checkFonts(),
    checkScanner(config),
    checkCertificate(config),
    checkCentral(config),
    checkBundleRoot(config),
  ]);
  return findings.flat();
};

export const doctor: Command = {
  usage: 'doctor',
  summary: { zh: '检查本机是否具备运行条件', en: 'is this machine fit to run the kiosk' },
  options: {
    config: { type: 'string', value: 'FILE', help: { zh: '本机的配置文件', en: 'this kiosk’s configuration' } },
  },
  async run({ values, isJson }, io) {
    const file = stringOf(values['config']);
    if (file === undefined) return misused(io, '请用 --config 指出配置文件', 'say which configuration: --config FILE');
    const loaded = loadConfig(file, { drivers: registry });
    const problems = loaded.ok ? loaded.warnings : loaded.error.problems;
    const findings: Finding[] = [
      ...problems.map(({ path, message }): Finding => ({
        topic: `config ${path}`.trim(),
        level: loaded.ok ? 'warn' : 'fail',
        what: message,
        todo: {
          zh: `npm run kiosk -- config check ${file}`,
          en: `npm run kiosk -- config check ${file}`,
        },
      })),
      ...(loaded.ok && problems.length === 0
        ? [{ topic: 'config', level: 'ok', what: { zh: `${file} 正确`, en: `${file} is right` } } as const]
        : []),
      // Without a configuration there is nothing to compare the machine with.
      ...(loaded.ok ? await examine(loaded.value) : []),
    ];
    if (isJson) io.out(JSON.stringify(findings, undefined, 2));
    else
      for (const { topic, level, what, todo } of findings) {
        io.out(`${levelWords[level]}  ${topic}: ${what[io.language]}`);
        if (todo && level !== 'ok') io.out(`      → ${todo[io.language]}`);
      }
    return findings.some(({ level }) => level === 'fail') ? 1 : 0;
  },
};
