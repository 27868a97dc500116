// Who may open the nodes, and what an account that may not is told.

import { readFileSync, statSync } from 'node:fs';
import { deviceGroup } from '../../../../devices/kit/finding/udev-rules.ts';
import type { DeviceStatus } from '../../../../devices/kit/status.ts';
import type { DeviceConfig } from '../../../../kiosk-config/schema.ts';
import type { Bench } from '../benches.ts';
import { configure, startHall, waitForPort } from '../hall.ts';
import { check, expect, until } from '../report.ts';
import { run } from '../rules.ts';

const groupId = (): number =>
  Number(new RegExp(`^${deviceGroup}:[^:]*:(\\d+)`, 'm').exec(readFileSync('/etc/group', 'utf8'))?.[1]);

type Seen = Record<string, { state: string; faults: string[]; words: string }>;

const account = 4000;

/** Gives this process's rights up, on all its threads, for as long as `act` takes. The far ends are open and stay so. */
const asAccount = async <T>(groups: readonly number[], act: () => Promise<T>): Promise<T> => {
  const [oldGroups, oldGroup] = [process.getgroups?.() ?? [], process.getegid?.() ?? 0];
  process.setgroups?.([...groups]);
  process.setegid?.(account);
  process.seteuid?.(account);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(oldGroup);
    process.setgroups?.(oldGroups);
  }
};

/**
 * How the devices are when they are started by whoever this process is now, once all of them are as `wanted` or after a while. A
 * first answer may come too late in here: what counts is what a device comes to.
 */
const look = async (configs: readonly DeviceConfig[], wanted: (status: DeviceStatus) => boolean): Promise<Seen> => {
  const hall = startHall(configs);
  const isSettled = (): boolean => hall.all().every(({ device }) => wanted(device.status()));
  await until('the devices say how they are', isSettled).catch(() => undefined);
  const seen = hall.all().map(({ config, device }) => {
    const { state, faults } = device.status();
    const texts = faults.map(({ code }) => device.faultTexts[code]?.en);
    const words = texts.map((text) => (text ? `${text.what}: ${text.todo}` : '')).join('; ');
    return [config.id, { state, faults: faults.map(({ code }) => code), words }] as const;
  });
  await hall.stop();
  return Object.fromEntries(seen);
};

export const rightsChecks = async (benches: readonly Bench[]): Promise<void> => {
  for (const bench of benches)
    await check(`${bench.id}: udev gives rights and names`, async () => {
      const port = await waitForPort(bench, ({ names }) => names.some((name) => name.startsWith('/dev/hall/')));
      run('udevadm', 'settle', '--timeout=20');
      const { mode, gid } = statSync(port.node);
      expect((mode & 0o777) === 0o660, `mode ${(mode & 0o777).toString(8)}`);
      expect(gid === groupId(), `group ${gid}`);
      const properties = run('udevadm', 'info', '--query=property', port.node);
      const serial = bench.link === 'serial';
      expect(!serial || properties.includes('ID_MM_DEVICE_IGNORE=1'), 'ModemManager would take it');
      expect(!serial || port.names.some((name) => name.startsWith('/dev/serial/by-id/')), 'no by-id link');
      const own = port.names.filter((name) => name.startsWith('/dev/hall/'));
      expect(
        own.some((name) => name.includes(bench.plug.face.serialNumber)),
        `links: ${own.join()}`,
      );
      return own.join(' ');
    });

  const entries = await Promise.all(benches.map(async (bench) => ({ bench, port: await waitForPort(bench) })));
  const configs = configure(entries);
  const outside = await asAccount([], () => look(configs, ({ faults }) => faults.length > 0));
  const inside = await asAccount([groupId()], () => look(configs, ({ state }) => state === 'online'));
  for (const { id } of benches) {
    await check(`${id}: an account without rights is told so`, () => {
      const { state, faults, words } = outside[id] ?? { state: '', faults: [], words: '' };
      expect(faults.includes('portDenied'), `${state} ${faults.join()}`);
      expect(/udev/.test(words), words);
      return words;
    });
    await check(`${id}: an account of the group opens it`, () => {
      const { state, faults } = inside[id] ?? { state: '', faults: [] };
      expect(state === 'online', `${state} ${faults.join()}`);
    });
  }
};
