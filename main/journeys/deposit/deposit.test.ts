// Leaving papers by a signed code: the door, the code that is spent with it, the slip of paper.

import { describe, expect, it } from 'vitest';
import type { JourneyEvent } from '../events.ts';
import { createPlayer, createWorld } from '../test-world.ts';

const token = 'HK1.payload.signature';
const number = 'EZ01-20261122-00017';
const types = (effects: readonly { type: string }[]): string[] => effects.map(({ type }) => type);

const atDoor = (world = createWorld({ cellName: (cell) => `A0${cell}` })) => {
  const player = createPlayer(world);
  player.intent({ type: 'touch' });
  player.intent({ type: 'next' });
  player.intent({ type: 'openToken', purpose: 'pickUp' });
  const attempt = player.attempt();
  player.send({ type: 'codeRead', attempt, text: token });
  const kept = { depositId: 'd', cell: 7, pickUpCode: '48213377', keepUntilMs: player.now() + 86_400_000 };
  player.send({ type: 'depositReserved', attempt, number, token, ...kept });
  return player;
};
type Player = ReturnType<typeof atDoor>;
const door = (player: Player, type: 'cellOpened' | 'cellClosed') => player.send({ type, attempt: player.attempt() });
const failed = (player: Player, code: string): JourneyEvent => ({
  type: 'cellFailed',
  attempt: player.attempt(),
  trouble: { code, kind: 'locker' },
});

describe('papers left by a code', () => {
  it('open the cell, spend the code at the open door, are in the books at the shut one, and get a slip', () => {
    const player = atDoor();
    expect(player.effects()).toEqual([{ type: 'openCell', attempt: player.attempt(), cell: 7 }]);
    expect(door(player, 'cellOpened')).toEqual([
      { type: 'spendDeposit', depositId: 'd', token, openingId: expect.any(String) as string },
      { type: 'awaitCellClosed', attempt: player.attempt(), cell: 7 },
    ]);
    expect(player.view().screen).toMatchObject({ type: 'locker', phase: 'open', cell: 'A07', number });
    expect(door(player, 'cellClosed')).toEqual([{ type: 'storeDeposit', depositId: 'd' }]);
    const effects = player.send({ type: 'depositStored', depositId: 'd' });
    expect(types(effects)).toEqual(['print']);
    for (const words of ['A07 号柜', '4821 3377', number]) expect(JSON.stringify(effects)).toContain(words);
    const jobId = effects[0]?.type === 'print' ? effects[0].jobId : '';
    player.send({ type: 'printEnded', jobId, outcome: 'printed' });
    expect(player.view().screen).toMatchObject({
      phase: 'closed',
      pickUpCode: '48213377',
      print: { phase: 'printed' },
    });
    expect(types(player.intent({ type: 'next' }))).not.toContain('cancelDeposit');
    expect(player.view().screen).toMatchObject({ type: 'goodbye', take: [{ what: 'receipt' }] });
  });

  it('that cannot be written down are said to be so, with no code for them, until it works', () => {
    const player = atDoor();
    door(player, 'cellOpened');
    door(player, 'cellClosed');
    expect(player.send({ type: 'depositNotStored', depositId: 'd' })).toEqual([]);
    expect(player.view().screen).toMatchObject({ phase: 'closed', cell: 'A07', failure: { code: 'depositNotStored' } });
    expect(player.view().screen).not.toHaveProperty('pickUpCode');
    expect(player.intent({ type: 'retry' })).toEqual([{ type: 'storeDeposit', depositId: 'd' }]);
    player.send({ type: 'depositNotStored', depositId: 'd' });
    // A restart tries it as well.
    expect(player.send({ type: 'resumed' })).toEqual([{ type: 'storeDeposit', depositId: 'd' }]);
    expect(types(player.send({ type: 'depositStored', depositId: 'd' }))).toEqual(['print']);
    expect(player.view().screen).toMatchObject({ phase: 'closed', pickUpCode: '48213377' });
    expect(player.view().screen).not.toHaveProperty('failure');
    player.send({ type: 'depositNotStored', depositId: 'd' });
    expect(player.view().screen).not.toHaveProperty('failure');
  });

  it('without a printer show the code all the same', () => {
    const world = createWorld();
    const printer = { ...world.devices['ticket-printer'], available: false };
    const player = atDoor({ ...world, devices: { ...world.devices, 'ticket-printer': printer } });
    door(player, 'cellOpened');
    door(player, 'cellClosed');
    expect(player.send({ type: 'depositStored', depositId: 'd' })).toEqual([]);
    expect(player.view().screen).toMatchObject({ pickUpCode: '48213377', print: { phase: 'failed' } });
  });

  it('at a lock that does not move spend nothing: again, or not now, and the cell is free', () => {
    const player = atDoor();
    const first = player.attempt();
    expect(player.send(failed(player, 'doorDidNotOpen'))).toEqual([]);
    expect(types(player.intent({ type: 'retry' }))).toEqual(['openCell']);
    expect(player.attempt()).not.toBe(first);
    player.send(failed(player, 'doorDidNotOpen'));
    expect(player.intent({ type: 'useLocker', use: false })).toContainEqual({ type: 'cancelDeposit', depositId: 'd' });
    expect(player.view().screen.type).toBe('goodbye');
  });

  it('of somebody who leaves before the door moved free the cell once; after it, only staff do', () => {
    const gone = atDoor();
    gone.send(failed(gone, 'doorDidNotOpen'));
    gone.later(91_000);
    const effects = gone.send({ type: 'tick' });
    expect(types(effects)).toEqual(['cancelDevices', 'cancelDeposit', 'wipe']);
    const home = atDoor();
    home.send(failed(home, 'doorDidNotOpen'));
    expect(types(home.intent({ type: 'goHome' }))).toContain('cancelDeposit');
    expect(home.view().screen.type).toBe('goodbye');
    const open = atDoor();
    door(open, 'cellOpened');
    open.later(91_000);
    expect(types(open.send({ type: 'tick' }))).toEqual(['cancelDevices', 'wipe']);
  });

  it('at doors that nothing feels ask the person, both times', () => {
    const player = atDoor();
    player.send(failed(player, 'unconfirmed'));
    expect(player.view().screen).toMatchObject({ phase: 'askOpen' });
    expect(types(player.intent({ type: 'answerDoor', isOpen: true }))).toEqual(['spendDeposit', 'awaitCellClosed']);
    player.send(failed(player, 'notSupported'));
    expect(player.intent({ type: 'answerDoor', isOpen: true })).toEqual([]);
    expect(player.view().screen).toMatchObject({ phase: 'askShut', failure: { code: 'doorLeftOpen' } });
    expect(types(player.intent({ type: 'answerDoor', isOpen: false }))).toEqual(['storeDeposit']);
  });

  it('after a restart go on at the same door: the same attempt, nothing opened, spent or printed twice', () => {
    const player = atDoor();
    const attempt = player.attempt();
    expect(player.send({ type: 'resumed' })).toEqual([{ type: 'openCell', attempt, cell: 7 }]);
    const [spending] = door(player, 'cellOpened');
    expect(player.send({ type: 'resumed' })[0]).toEqual(spending);
    door(player, 'cellClosed');
    expect(player.send({ type: 'resumed' })).toEqual([{ type: 'storeDeposit', depositId: 'd' }]);
    const [print] = player.send({ type: 'depositStored', depositId: 'd' });
    expect(player.send({ type: 'depositStored', depositId: 'd' })).toEqual([]);
    expect(player.send({ type: 'resumed' })).toEqual([print]);
    expect(player.attempt()).toBe(attempt);
  });

  it('are offered where a key for such codes is known, and at the queue no cell opens', () => {
    const player = createPlayer(createWorld({ tokens: { appointment: true, pickUp: false, deposit: true } }));
    player.intent({ type: 'touch' });
    player.intent({ type: 'next' });
    expect(player.view().screen).toMatchObject({ pickUp: { available: true, deposits: true } });
    player.intent({ type: 'openQueue' });
    player.intent({ type: 'openToken', purpose: 'appointment' });
    expect(player.view().screen).toMatchObject({ type: 'showToken', deposits: false });
    const kept = { depositId: 'd', cell: 7, pickUpCode: '48213377', number, token, keepUntilMs: 0 };
    player.send({ type: 'depositReserved', attempt: player.attempt(), ...kept });
    expect(player.session().step.type).toBe('showToken');
  });
});
