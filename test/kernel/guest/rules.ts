// The generated rules, given to the guest's own udevd.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { rulesName, udevRules, type OwnIdentity } from '../../../devices/kit/finding/udev-rules.ts';
import { registry } from '../../../devices/registry.ts';
import type { Bench } from './benches.ts';
import { expect } from './report.ts';

const subsystems = { serial: 'tty', lp: 'usbmisc', hid: 'hidraw' } as const;

export const run = (command: string, ...args: string[]): string => {
  const done = spawnSync(command, args, { encoding: 'utf8' });
  return `${done.stdout}${done.stderr}`.trim();
};

/** As an integrator does it for a model that the drivers do not name: by the configuration's numbers. */
const identityOf = ({ link, plug, rehearsed }: Bench): OwnIdentity => ({
  vendorId: plug.face.vendorId,
  productId: plug.face.productId,
  subsystem: subsystems[link],
  kind: rehearsed.definition.kind,
  model: plug.face.product,
});

/** Answers what checks that udevd took them. */
export const installRules = (benches: readonly Bench[]): (() => string) => {
  const own = benches
    .filter(({ plug, link }) => {
      const { vendorId, productId } = plug.face;
      const isListed = registry.some(({ usb = [] }) =>
        usb.some((entry) => entry.vendorId === vendorId && entry.productId === productId),
      );
      return !isListed && link !== 'serial';
    })
    .map(identityOf);
  mkdirSync('/run/udev/rules.d', { recursive: true });
  const file = `/run/udev/rules.d/${rulesName}`;
  writeFileSync(file, udevRules(registry, own));
  const answer = run('udevadm', 'control', '--reload');
  return () => {
    expect(answer === '', `udevd did not reload: ${answer}`);
    const said = run('udevadm', 'test', '--action=add', '/sys/class/tty/ttyS0')
      .split('\n')
      .filter((line) => line.includes(rulesName) && /invalid|unknown|error|failed|ignor/i.test(line));
    expect(said.length === 0, said.join(' · '));
    return `${own.length} of ${benches.length} models by the configuration`;
  };
};
