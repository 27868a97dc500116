// A kiosk's folder for the tests beside, as an operator finds it: configuration, machine key, and a place for the store.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kioskId, machineKey } from '../store/store-fixture.ts';

export type HallFolder = {
  config: string;
  keyFile: string;
  /** Of the store, which is not made yet. */
  path: string;
};

/** `central`: what its part of the configuration has beyond the address. */
export const fillHallFolder = (folder: string, central: object): HallFolder => {
  const directory = join(folder, 'data');
  const keyFile = join(folder, 'machine.key');
  const config = join(folder, 'kiosk.json');
  mkdirSync(directory);
  writeFileSync(keyFile, machineKey, { mode: 0o600 });
  const name = { zh: '大厅', en: 'Hall' };
  writeFileSync(
    config,
    JSON.stringify({
      version: 1,
      kiosk: { id: kioskId, hall: name, place: name, askAt: name },
      central: { url: 'https://intake.example.gov.cn', ...central },
      store: { directory, machineKeyFile: keyFile },
    }),
  );
  return { config, keyFile, path: join(directory, 'kiosk.db') };
};
