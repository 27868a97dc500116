// Drivers on unmodified node-hid against virtual hidraw nodes: every rehearsal whose wire is reports, found by its file name, so that
// a new HID driver is covered without a line here.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../devices/kit/clock.ts';
import type { HandAct, Rehearsal, RehearsedCommand } from '../../../devices/kit/rehearsal.ts';
import type { Result } from '../../../devices/kit/result.ts';
import type { Simulator } from '../../../devices/kit/simulator.ts';
import type { DeviceStatus } from '../../../devices/kit/status.ts';
import type { HidLink } from '../../../devices/kit/transports/hid.ts';
import { findRehearsals, type Rehearsed } from '../../faults/rehearsals.ts';
import { plainDescriptor } from './reports.ts';
import { canRefuse, startHidTestbed, whyNoHid, type HidTestbed } from './testbed.ts';

const reason = whyNoHid();
if (reason !== undefined) process.stderr.write(`virtual HID bus: skipped: ${reason}\n`);

/** The numbers of pid.codes' test devices, for drivers that know none. */
const testIds = { vendorId: 0x1209, productId: 0x0001 } as const;

const rehearsed =
  reason === undefined
    ? (await findRehearsals()).filter(
        ({ rehearsal, definition }) => rehearsal.wire === 'reports' && definition.links.includes('hid'),
      )
    : [];

const isOnline = ({ state }: DeviceStatus): boolean => state === 'online';
const hasFault =
  (code: string) =>
  ({ faults }: DeviceStatus): boolean =>
    faults.some((fault) => fault.code === code);

/** The steps of one device go one after the other, while the devices go side by side. */
const inTurn = { concurrent: false } as const;

/** What is told of a device that may not be opened; root without `setpriv` may open everything. */
const toldAtFirst = canRefuse
  ? { state: 'offline', faults: [{ code: 'portDenied', who: 'engineer' }] }
  : { state: 'online', faults: [] };

let bed: HidTestbed;
let lastCommand = 0;

/** One device on the bus with its simulator, and the driver that is to find it. */
type Stand = {
  name: string;
  simulator: Simulator;
  link: HidLink;
  plug(): Promise<string>;
  start(): Promise<void>;
  turn(act: Omit<HandAct, 'afterMs'>): void;
  /** Gives the command with its person's part. */
  perform(command: RehearsedCommand): Promise<Result<unknown>>;
  end(): Promise<void>;
};

const standOf = ({ name, rehearsal, definition }: Rehearsed, serialNumber: string): Stand => {
  const standName = `${name} ${serialNumber}`;
  const { vendorId, productId } = definition.usb?.find(({ subsystem }) => subsystem === 'hidraw') ?? testIds;
  const simulator = rehearsal.simulator(
    { send: (report) => bed.send(standName, report) },
    { clock: systemClock, settings: rehearsal.simulatorSettings ?? {} },
  );
  let isStarted = false;
  const turn = ({ knob, argument }: Omit<HandAct, 'afterMs'>): void => {
    const found = simulator.knobs[knob];
    if (!found) throw new Error(`the simulator has no knob "${knob}"`);
    found.turn(argument);
  };
  return {
    name: standName,
    simulator,
    link: { type: 'hid', vendorId, productId, serialNumber },
    plug: () =>
      bed.plug({
        name: standName,
        vendorId,
        productId,
        serialNumber,
        manufacturer: 'Hall',
        product: name,
        descriptor: rehearsal.info?.reportDescriptor ?? plainDescriptor,
        onReport: (report) => simulator.receive(report),
      }),
    async start() {
      isStarted = true;
      await bed.host.start(standName, rehearsal.driver, rehearsal.config, this.link);
    },
    turn,
    async perform({ command, timeoutMs, hand = [], tidy = [] }) {
      const stops = hand.map((act) => systemClock.after(act.afterMs, () => turn(act)));
      const result = await bed.host.ask({
        type: 'execute',
        device: standName,
        command,
        commandId: `command-${++lastCommand}`,
        timeoutMs,
      });
      for (const stop of stops) stop();
      for (const act of tidy) turn(act);
      return result;
    },
    async end() {
      if (isStarted) await bed.host.ask({ type: 'stop', device: standName });
      await bed.unplug(standName);
      simulator.stop();
    },
  };
};

type Outcome = 'right' | 'wrong' | 'failed';
const outcomeOf = (command: RehearsedCommand, result: Result<unknown>): Outcome => {
  if (!result.ok) return 'failed';
  return command.isRight(result.value) ? 'right' : 'wrong';
};

const performOnline = async (stand: Stand, command: RehearsedCommand): Promise<Outcome> => {
  await bed.host.reaches(stand.name, isOnline);
  return outcomeOf(command, await stand.perform(command));
};

const firstOf = (rehearsal: Rehearsal): RehearsedCommand => {
  const [command] = rehearsal.commands;
  if (!command) throw new Error(`${rehearsal.driver} rehearses no command`);
  return command;
};

describe.skipIf(reason !== undefined)(`virtual HID bus${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  beforeAll(async () => {
    bed = await startHidTestbed();
  });
  afterAll(async () => {
    await bed.stop();
  });

  // All on one bus at once, as in a hall.
  describe.concurrent.each(rehearsed)('$name', (one) => {
    const { rehearsal } = one;
    const serialNumber = `HALL${String(rehearsed.indexOf(one)).padStart(4, '0')}`;
    let stand: Stand;
    beforeAll(async () => {
      stand = standOf(one, serialNumber);
      await stand.plug();
    });
    afterAll(async () => {
      await stand.end();
    });

    test('is listed with its numbers, serial number and usage page', inTurn, async () => {
      const found = (await bed.host.ask({ type: 'list' })).filter((listed) => listed.serialNumber === serialNumber);
      const { vendorId, productId } = stand.link;
      expect(found[0]).toMatchObject({ vendorId, productId, product: one.name });
      expect(found[0]?.usagePage).toBeGreaterThan(0);
    });

    test('without the right to open it: told, and recovered once the right is there', inTurn, async () => {
      if (canRefuse) await bed.permit(stand.name, false);
      await stand.start();
      const told = await bed.host.reaches(stand.name, canRefuse ? hasFault('portDenied') : isOnline);
      expect(told).toMatchObject(toldAtFirst);
      await bed.permit(stand.name, true);
      await bed.host.reaches(stand.name, isOnline);
    });

    test.each(rehearsal.commands)('$name', inTurn, async (command) => {
      expect(await performOnline(stand, command)).toBe('right');
    });

    test(
      'unplugged in the middle of a command: one result, and gone; plugged in again: back, under another number',
      inTurn,
      async () => {
        await bed.host.reaches(stand.name, isOnline);
        const before = (await bed.host.ask({ type: 'list' })).map(({ path }) => path);
        const command = firstOf(rehearsal);
        const interrupted = stand.perform({ ...command, hand: [], tidy: [] });
        await bed.unplug(stand.name);
        // It may have been done before the plug was out; then it must be right.
        expect(outcomeOf(command, await interrupted)).not.toBe('wrong');
        const gone = await bed.host.reaches(stand.name, ({ state }) => state === 'noDevice');
        expect(gone.faults).toHaveLength(1);
        for (const act of command.tidy ?? []) stand.turn(act);
        expect(before).not.toContain(await stand.plug());
        expect(await performOnline(stand, command)).toBe('right');
        const { statistics } = await bed.host.ask({ type: 'facts', device: stand.name });
        expect(statistics['lost']).toBe(1);
      },
    );
  });

  describe('the link', () => {
    const pad = rehearsed.find(({ name }) => name === 'declarative-pad-hid/exampleHidReports');
    const stands: Stand[] = [];
    const add = async (serialNumber: string): Promise<Stand> => {
      if (!pad) throw new Error('the rating pad has no rehearsal');
      const stand = standOf(pad, serialNumber);
      await stand.plug();
      stands.push(stand);
      return stand;
    };
    afterAll(async () => {
      for (const stand of stands) await stand.end();
    });
    const ask = (stand: Stand, key: string, afterMs = 600): Promise<Result<unknown>> =>
      stand.perform({
        name: 'askRating',
        command: { type: 'askRating' },
        timeoutMs: 5000,
        hand: [{ knob: 'press', argument: key, afterMs }],
        isRight: () => true,
      });

    test('opened and closed in the same turn: the host lives, and the next opening works', async () => {
      const stand = await add('LINK0001');
      for (let turn = 0; turn < 5; turn += 1)
        expect(await bed.host.ask({ type: 'openAndClose', link: stand.link })).toBe('closed');
      expect(await bed.host.ask({ type: 'openNodes' })).toBe(0);
      expect(await bed.host.ask({ type: 'openAndClose', link: { ...stand.link, usagePage: 0xff00, usage: 1 } })).toBe(
        'closed',
      );
      expect(await bed.host.ask({ type: 'openAndClose', link: { ...stand.link, usagePage: 0x01 } })).toBe('notFound');
    });

    test('two pads of one model are told apart by their serial numbers', async () => {
      const [one, other] = [await add('TWIN0001'), await add('TWIN0002')];
      await one.start();
      await other.start();
      await bed.host.reaches(one.name, isOnline);
      await bed.host.reaches(other.name, isOnline);
      const answers = await Promise.all([ask(one, '5'), ask(other, '1')]);
      expect(answers).toMatchObject([{ value: { type: 'rated', level: 5 } }, { value: { type: 'rated', level: 1 } }]);
      const { identity } = await bed.host.ask({ type: 'facts', device: other.name });
      expect(identity.serialNumber).toBe('TWIN0002');
    });

    test('keys in quick succession arrive one by one, and only the first rates', async () => {
      const stand = stands.at(-1);
      if (!stand) throw new Error('no pad is there');
      const rating = ask(stand, '2', 800);
      systemClock.after(800, () => {
        for (const key of ['4', '5', '1', '3']) stand.turn({ knob: 'press', argument: key });
      });
      expect(await rating).toMatchObject({ ok: true, value: { type: 'rated' } });
      const keys = async (): Promise<unknown> => {
        const { statistics } = await bed.host.ask({ type: 'facts', device: stand.name });
        return [statistics['ratings'], statistics['ignoredKeys.noPrompt']];
      };
      // The first of the two is from the test before; reports that came as one piece would be told as unknown.
      await expect.poll(keys).toEqual([2, 4]);
    });
  });
});
