// Who may open the nodes, and what an account that may not is told.

import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deviceGroup } from '../../../../devices/kit/finding/udev-rules.ts';
import type { AsAccount } from '../as-account.ts';
import type { Bench } from '../benches.ts';
import { configure, waitForPort } from '../hall.ts';
import { check, expect } from '../report.ts';
import { run } from '../rules.ts';

const groupId = (): number =>
  Number(new RegExp(`^${deviceGroup}:[^:]*:(\\d+)`, 'm').exec(readFileSync('/etc/group', 'utf8'))?.[1]);

/** Runs the devices as another account, in a process of its own. */
const asAccount = async (): Promise<{ outside: AsAccount; inside: AsAccount }> => {
  const script = fileURLToPath(new URL('../as-account.ts', import.meta.url));
  // Not waited for in one piece: the device's side of the wire lives in this process.
  const child = spawn(process.execPath, [script, String(groupId())], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (said += piece.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  const line = said.split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(`no answer, exit ${String(code)}: ${said}`);
  return JSON.parse(line) as { outside: AsAccount; inside: AsAccount };
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
  configure(entries);
  const seen = asAccount();
  for (const { id } of benches) {
    await check(`${id}: an account without rights is told so`, async () => {
      const { state, faults, words } = (await seen).outside[id] ?? { state: '', faults: [], words: '' };
      expect(faults.includes('portDenied'), `${state} ${faults.join()}`);
      expect(/udev/.test(words), words);
      return words;
    });
    await check(`${id}: an account of the group opens it`, async () => {
      const { state, faults } = (await seen).inside[id] ?? { state: '', faults: [] };
      expect(state === 'online', `${state} ${faults.join()}`);
    });
  }
};
