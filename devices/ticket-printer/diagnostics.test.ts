import { describe, expect, test } from 'vitest';
import type { CheckVerdict } from '../kit/device.ts';
import { explainTrace } from './diagnostics.ts';
import { printerFaults as faultTexts } from './faults.ts';
import { queueTicket, startRig, type Rig } from './test-rig.ts';

const check = (rig: Rig, name: string, answer: () => boolean = () => true): Promise<CheckVerdict> => {
  const found = rig.printer.checks.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no check ${name}`);
  return rig.until(found.run(async () => answer()));
};

const names = ['status', 'confirmation', 'line', 'testTicket', 'readable'];

describe('health checks', () => {
  test('all pass on a healthy printer, and only those that say so move paper', async () => {
    const rig = await startRig();
    expect(rig.printer.checks.map(({ name }) => name)).toEqual(names);
    for (const { name, scope } of rig.printer.checks) {
      const before = rig.tickets().length;
      expect(await check(rig, name)).toMatchObject({ passed: true, code: 'passed' });
      expect(rig.tickets().length - before).toBe(scope === 'internal' ? 0 : 1);
    }
  });

  test.each([
    ['status', 'removePaper', 'paperOut'],
    ['status', 'openCover', 'coverOpen'],
    ['testTicket', 'removePaper', 'paperOut'],
    ['testTicket', 'cutterJam', 'cutterError'],
    ['readable', 'openCover', 'coverOpen'],
  ])('%s fails on %s: %s', async (name, knob, code) => {
    const rig = await startRig();
    rig.turn(knob);
    await rig.clock.advance(1);
    expect(await check(rig, name)).toMatchObject({ passed: false, code });
  });

  test.each([
    ['status', 'mute', 'timeOut'],
    ['line', 'garbage', 'protocolError'],
    ['line', 'mute', 'timeOut'],
    ['testTicket', 'mute', 'unconfirmed'],
    ['testTicket', 'unrecoverable', 'unrecoverableError'],
  ])('%s fails on the fault %s: %s', async (name, fault, code) => {
    const rig = await startRig();
    rig.fault(fault);
    expect(await check(rig, name)).toMatchObject({ passed: false, code });
  });

  test('confirmation fails on a printer that answers neither GS ( H nor GS r', async () => {
    expect(await check(await startRig({ fault: 'noFence' }), 'confirmation')).toMatchObject({
      passed: false,
      code: 'cannotConfirm',
    });
  });

  test('readable fails when the roll is upside down: the printer is content, the person is not', async () => {
    const rig = await startRig();
    rig.fault('paperUpsideDown');
    const sees = (): boolean => (rig.tickets().at(-1)?.lines.join('').trim() ?? '') !== '';
    expect(await check(rig, 'testTicket')).toMatchObject({ passed: true });
    expect(await check(rig, 'readable', sees)).toMatchObject({ passed: false, code: 'printPoor' });
    rig.fault('none');
    expect(await check(rig, 'readable', sees)).toMatchObject({ passed: true });
  });

  test('near the end of the roll the status check passes and says so', async () => {
    const rig = await startRig();
    rig.turn('paperNearEnd');
    await rig.clock.advance(1);
    expect(await check(rig, 'status')).toMatchObject({ passed: true, detail: 'online, paperNearEnd' });
  });
});

describe('fault texts', () => {
  test('every fault says in both languages what happened and what to do', () => {
    for (const { zh, en } of Object.values(faultTexts)) {
      expect(zh.what).toMatch(/[\u4e00-\u9fff]/);
      expect(zh.todo).toMatch(/[\u4e00-\u9fff]/);
      expect(en.what).not.toMatch(/[\u4e00-\u9fff]/);
      expect(en.todo.length).toBeGreaterThan(10);
    }
  });
});

describe('wire trace in words', () => {
  test('every line of a whole conversation has words of its own', async () => {
    const rig = await startRig({ config: { hasPresenter: true }, settings: { hasPresenter: true } });
    await rig.until(rig.print(queueTicket));
    await rig.clock.advance(3000);
    const entries = rig.printer.trace();
    const words = entries.map((entry, index) => {
      const before = entries.slice(0, index).findLast(({ direction }) => direction === 'out');
      return explainTrace(entry, before).en;
    });
    expect(words).toContain('Answer, paper sensors: nothing reported');
    expect(words).toContain('Asks whether it confirms by process id');
    expect(words.some((text) => /^Sends a ticket of \d{3} bytes$/.test(text))).toBe(true);
    expect(words.some((text) => /^Job \d{4} has been printed$/.test(text))).toBe(true);
    expect(words).toContain('The ticket is still in the outlet');
    expect(words.join('\n')).not.toMatch(/Not understood|Sends: /);
  });

  test('a status byte is read against the question it answers', () => {
    const entry = (direction: 'in' | 'out' | 'note', hex: string) => ({ atMs: 0, direction, label: 'x', hex });
    expect(explainTrace(entry('in', '16'), entry('out', '10 04 01')).zh).toContain('正常');
    expect(explainTrace(entry('in', '16'), entry('out', '10 04 02')).zh).toContain('上盖打开');
    expect(explainTrace(entry('in', '7E'), entry('out', '10 04 04')).zh).toContain('缺纸');
    expect(explainTrace(entry('in', '16')).en).toContain('not known');
    expect(explainTrace(entry('in', '1C 08 00 0F')).zh).toContain('切刀');
    expect(explainTrace(entry('in', 'FF')).en).toContain('Not understood');
    expect(explainTrace({ atMs: 0, direction: 'note', label: 'lost: silent', hex: '' }).en).toContain('lost: silent');
  });
});
