// Other people's parsers, for comparison in the same run. zwave-js brings a hundred packages that nobody else here needs: they are
// fetched by name into a folder of their own, when a benchmark asks for them and only then.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = fileURLToPath(new URL('../../.cache/peers', import.meta.url));
const zwavePackage = '@zwave-js/serial';
export const zwaveVersion = '15.29.0';

type ZwaveParser = { readable: ReadableStream<unknown>; writable: WritableStream<Uint8Array> };

/** A maker of Z-Wave parsers, or why there is none. */
export const zwaveParser = async (): Promise<(() => ZwaveParser) | string> => {
  if (!existsSync(join(folder, 'node_modules', zwavePackage))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const done = spawnSync(
      'npm',
      ['install', '--no-audit', '--no-fund', '--ignore-scripts', `${zwavePackage}@${zwaveVersion}`],
      {
        cwd: folder,
        stdio: 'ignore',
      },
    );
    if (done.status !== 0) return `${zwavePackage} could not be installed`;
  }
  const path = createRequire(join(folder, 'package.json')).resolve(zwavePackage);
  const { SerialAPIParser } = (await import(pathToFileURL(path).href)) as { SerialAPIParser: new () => ZwaveParser };
  return () => new SerialAPIParser();
};
