// The packaging file is checked against the schema that electron-builder itself ships, so that a misspelt option is found here and
// not in a hall.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../../..', import.meta.url));

/** electron-builder reads YAML with this package; it comes with it. */
const readYaml = (text: string): Record<string, unknown> => {
  const builder = createRequire(require.resolve('app-builder-lib/package.json'));
  return (builder('js-yaml') as { load(text: string): Record<string, unknown> }).load(text);
};

const schemaPath = require.resolve('app-builder-lib/scheme.json');
const schema = JSON.parse(readFileSync(schemaPath, 'utf8')) as object;
const config = readYaml(readFileSync(`${root}electron-builder.yml`, 'utf8'));
const validate = new Ajv({ strict: false, allErrors: true, logger: false }).compile(schema);

describe('electron-builder.yml', () => {
  it('fits the schema that electron-builder ships', () => {
    validate(config);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('is really checked: a misspelt option does not pass', () => {
    expect(validate({ ...config, asarUnpak: [] })).toBe(false);
    expect(validate({ ...config, electronFuses: { runAsNode: 'no' } })).toBe(false);
  });

  it('closes the fuses that would let Electron run as a plain Node, and opens only its own archive', () => {
    expect(config['electronFuses']).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      onlyLoadAppFromAsar: true,
      enableEmbeddedAsarIntegrityValidation: true,
    });
  });

  it('packs what the built processes read at run time', () => {
    const files = config['files'] as string[];
    for (const part of ['dist/electron/', 'dist/host/', 'dist/renderer/', 'kiosk-config/catalogue/'])
      expect([part, files.some((pattern) => pattern.startsWith(part))]).toEqual([part, true]);
    const { main } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { main: string };
    expect(main).toBe('dist/electron/main.js');
  });
});
