// Found by identity, told apart, asked who they are.

import { systemClock } from '../../../../devices/kit/clock.ts';
import { identifyPort } from '../../../../devices/kit/finding/identify.ts';
import { linkOf } from '../../../../devices/kit/finding/ports.ts';
import { registry } from '../../../../devices/registry.ts';
import { transportOf } from '../../../../main/host/transport-of.ts';
import type { Bench } from '../benches.ts';
import { listPorts, resolvePath, usesOf, waitForPort } from '../hall.ts';
import { check, expect } from '../report.ts';

export const findingChecks = async (benches: readonly Bench[]): Promise<void> => {
  for (const bench of benches)
    await check(`${bench.id}: found by its identity`, async () => {
      const { usb, node, names } = await waitForPort(bench, (port) => port.type === 'hid' || port.names.length > 0);
      const { vendorId, productId } = bench.plug.face;
      expect(usb?.vendorId === vendorId && usb.productId === productId, `other numbers: ${JSON.stringify(usb)}`);
      return `${node}, ${names[0] ?? 'by its numbers'}`;
    });

  await check('assigned, unassigned and missing ports', async () => {
    const [first, ...others] = benches;
    const last = others.at(-1);
    if (!first || !last) throw new Error('too few devices');
    const devices = await Promise.all(
      [first, last].map(async (bench) => ({ id: bench.id, link: linkOf(await waitForPort(bench)) })),
    );
    await last.plug.unplug();
    const look = async () => {
      const uses = usesOf(await listPorts(), devices, resolvePath);
      const of = (state: string): string[] =>
        uses.flatMap((use) => (use.state === state ? [use.state === 'unassigned' ? use.port.node : use.device] : []));
      return { assigned: of('assigned'), missing: of('missing'), unassigned: of('unassigned') };
    };
    let seen = await look();
    for (let left = 50; left > 0 && seen.missing.length === 0; left -= 1) seen = await look();
    last.plug.plug();
    expect(seen.assigned.join() === first.id, `assigned: ${seen.assigned.join()}`);
    expect(seen.missing.join() === last.id, `missing: ${seen.missing.join()}`);
    expect(seen.unassigned.length >= benches.length - 2, `unassigned: ${seen.unassigned.join()}`);
    await waitForPort(last);
    return JSON.stringify(seen);
  });

  const ask = (bench: Bench): Promise<void> => {
    const { definition, rehearsal } = bench.rehearsed;
    return check(`${bench.id}: asked who it is`, async () => {
      const port = await waitForPort(bench);
      const acts = (): number =>
        Math.max(0, ...rehearsal.commands.map(({ acts: count }) => count?.(bench.simulator.look()) ?? 0));
      const before = acts();
      const options = { drivers: registry, assigned: [], transportOf, clock: systemClock };
      let result = await identifyPort(port, options);
      // A busy machine answers late, and a late answer is nobody's.
      for (let left = 2; left > 0 && definition.probe && result.outcome === 'unknown'; left -= 1)
        result = await identifyPort(port, options);
      expect(acts() === before, 'being asked made it act');
      if (result.outcome !== 'recognised' && result.outcome !== 'named') {
        expect(!definition.probe && result.outcome === 'unknown', JSON.stringify(result));
        return 'nobody can ask it';
      }
      const names = result.suggestions.map(({ driver }) => driver);
      expect(names.includes(definition.driver), `taken for ${names.join()}: ${JSON.stringify(result)}`);
      return `${result.confidence}, ${names.join()}`;
    });
  };
  await Promise.all(benches.map(ask));
};
