// `node as-account.ts GROUP`: how the configured devices are for an account without privileges, first outside of the group and then in
// it. The code is loaded before, since such an account may not even read this folder.

import { registry } from '../../../devices/registry.ts';
import { loadHid } from '../../../devices/kit/transports/hid.ts';
import { loadConfig } from '../../../kiosk-config/parse.ts';
import { startHall } from './hall.ts';
import { rest } from './report.ts';

export type AsAccount = Record<string, { state: string; faults: string[]; words: string }>;

const account = 4000;
const loaded = loadConfig('/run/kiosk.json', { drivers: registry });
if (!loaded.ok) throw new Error(JSON.stringify(loaded.error.problems));
await loadHid();

/** The effective account of all threads; back to root in between, since only root may change the groups. */
const become = (groups: readonly number[]): void => {
  process.seteuid?.(0);
  process.setgroups?.([...groups]);
  process.setegid?.(account);
  process.seteuid?.(account);
};

const look = async (groups: readonly number[]): Promise<AsAccount> => {
  become(groups);
  const hall = startHall(loaded.value.devices);
  const isSettled = (): boolean =>
    hall.all().every(({ device }) => device.status().state === 'online' || device.status().faults.length > 0);
  for (let left = 600; left > 0 && !isSettled(); left -= 1) await rest(50);
  const seen = hall.all().map(({ config, device }) => {
    const { state, faults } = device.status();
    const texts = faults.map(({ code }) => device.faultTexts[code]?.en);
    const words = texts.map((text) => (text ? `${text.what}: ${text.todo}` : '')).join('; ');
    return [config.id, { state, faults: faults.map(({ code }) => code), words }] as const;
  });
  await hall.stop();
  return Object.fromEntries(seen);
};

const outside = await look([]);
const inside = await look([Number(process.argv[2])]);
process.stdout.write(`${JSON.stringify({ outside, inside })}\n`);
process.exit(0);
