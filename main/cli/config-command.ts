// `config check FILE`: everything that is wrong with a configuration, at once. `config schema`: the JSON Schema, for editors.

import { registry } from '../../devices/registry.ts';
import { configJsonSchema } from '../../kiosk-config/json-schema.ts';
import { formatConfigErrors, loadConfig } from '../../kiosk-config/parse.ts';
import { formatProblems } from '../../kiosk-config/problem.ts';
import type { Command } from './command.ts';

export const configCheck: Command = {
  usage: 'config check FILE',
  summary: { zh: '检查配置文件，一次列出所有问题', en: 'check a configuration; every problem at once' },
  run({ positionals: [file = ''], isJson }, io) {
    const loaded = loadConfig(file, { drivers: registry });
    if (isJson) {
      const result = loaded.ok
        ? { ok: true, kiosk: loaded.value.kiosk.id, devices: loaded.value.devices.length, warnings: loaded.warnings }
        : { ok: false, code: loaded.error.code, problems: loaded.error.problems };
      io.out(JSON.stringify(result, undefined, 2));
      return Promise.resolve(loaded.ok ? 0 : 1);
    }
    if (!loaded.ok) {
      io.out(formatConfigErrors(loaded.error.problems, io.language));
      return Promise.resolve(1);
    }
    const { kiosk, devices } = loaded.value;
    io.out(
      io.language === 'zh'
        ? `配置正确：${kiosk.id},${devices.length} 台设备`
        : `The configuration is right: ${kiosk.id}, ${devices.length} device(s)`,
    );
    if (loaded.warnings.length > 0) {
      io.out(io.language === 'zh' ? '提示：' : 'Notes:');
      io.out(formatProblems(loaded.warnings, io.language));
    }
    return Promise.resolve(0);
  },
};

export const configSchema: Command = {
  usage: 'config schema',
  summary: { zh: '输出配置文件的 JSON Schema', en: 'print the JSON Schema of the configuration' },
  run(_, io) {
    io.out(JSON.stringify(configJsonSchema(), undefined, 2));
    return Promise.resolve(0);
  },
};
