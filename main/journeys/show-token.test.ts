// Showing a signed code: for a number, and for the cell with one's originals.

import { describe, expect, it } from 'vitest';
import type { JourneyEvent } from './events.ts';
import { createPlayer, createWorld } from './test-world.ts';

const used = { code: 'tokenUsed', detail: '11-22 08:30' };
const token = 'HK1.payload.signature';
const types = (effects: readonly { type: string }[]): string[] => effects.map(({ type }) => type);

const atCode = (purpose: 'appointment' | 'pickUp', world = createWorld()) => {
  const player = createPlayer(world);
  player.intent({ type: 'touch' });
  player.intent({ type: 'next' });
  if (purpose === 'appointment') player.intent({ type: 'openQueue' });
  player.intent({ type: 'openToken', purpose });
  return player;
};

describe('an appointment', () => {
  it('is checked in: reader, code, number, ticket with its priority', () => {
    const player = atCode('appointment');
    expect(types(player.effects())).toEqual(['cancelDevices', 'readCode']);
    const attempt = player.attempt();
    expect(player.send({ type: 'codeRead', attempt, text: token })).toEqual([{ type: 'checkIn', attempt, token }]);
    expect(player.view().screen).toMatchObject({ type: 'showToken', coach: { phase: 'working' } });
    const effects = player.send({
      type: 'numberTaken',
      ticket: {
        ticketId: 't',
        number: 'B004',
        businessCode: 'SOC',
        ahead: 0,
        priority: 'appointment',
        takenAtMs: player.now(),
      },
    });
    expect(types(effects)).toEqual(['print']);
    expect(player.view().screen).toMatchObject({ type: 'ticket', number: 'B004', priority: 'appointment' });
    expect(JSON.stringify(effects)).toContain('预约');
  });

  it('that is refused says why, and the reader waits again: a late answer to the first code goes nowhere', () => {
    const player = atCode('appointment');
    const first = player.attempt();
    player.send({ type: 'codeRead', attempt: first, text: token });
    const effects = player.send({ type: 'tokenRefused', attempt: first, trouble: used });
    expect(types(effects)).toEqual(['cancelDevices', 'readCode']);
    expect(player.attempt()).not.toBe(first);
    expect(player.view().screen).toMatchObject({ coach: { phase: 'waiting' }, failure: { code: 'tokenUsed' } });
    player.send({ type: 'tokenRefused', attempt: first, trouble: { code: 'tokenExpired' } });
    expect(player.view().screen).toMatchObject({ failure: { code: 'tokenUsed' } });
    player.send({ type: 'codeRead', attempt: player.attempt(), text: 'HK1.other.code' });
    expect(player.view().screen).not.toHaveProperty('failure');
  });

  it('after a restart of the host is asked for again', () => {
    const player = atCode('appointment');
    player.send({ type: 'codeRead', attempt: player.attempt(), text: token });
    expect(types(player.send({ type: 'resumed' }))).toEqual(['cancelDevices', 'readCode']);
    expect(player.view().screen).toMatchObject({ type: 'showToken', coach: { phase: 'waiting' } });
  });

  it('without a reader says so; a reader that fails can be tried again; back leads to the queue', () => {
    const world = createWorld();
    const missing = { ...world.devices['qr-reader'], available: false };
    const player = atCode('appointment', { ...world, devices: { ...world.devices, 'qr-reader': missing } });
    expect(player.view().screen).toMatchObject({ coach: { phase: 'unavailable' } });
    player.send({ type: 'deviceFailed', attempt: player.attempt(), trouble: { code: 'connectionLost' } });
    expect(player.view().screen).toMatchObject({ coach: { phase: 'failed' }, failure: { code: 'connectionLost' } });
    expect(types(player.intent({ type: 'retry' }))).toEqual(['cancelDevices', 'readCode']);
    expect(types(player.intent({ type: 'back' }))).toEqual(['cancelDevices']);
    expect(player.view().screen).toMatchObject({ type: 'queue', takesAppointments: true });
  });

  it('is not offered where nobody’s codes are known', () => {
    const player = atCode('appointment', createWorld({ tokens: { appointment: false, pickUp: true, deposit: true } }));
    expect(player.view().screen).toMatchObject({ type: 'queue', takesAppointments: false });
  });

  it('does not open a cell, and a pick-up gives no number', () => {
    const found = { type: 'pickUpFound', depositId: 'd', cell: 7, originals: [] as string[], token } as const;
    const appointment = atCode('appointment');
    appointment.send({ ...found, attempt: appointment.attempt() });
    expect(appointment.session().step.type).toBe('showToken');
    const pickUp = atCode('pickUp');
    const attempt = pickUp.attempt();
    expect(types(pickUp.send({ type: 'codeRead', attempt, text: token }))).toEqual(['findCell']);
    const ticket = {
      ticketId: 't',
      number: 'B1',
      businessCode: 'SOC',
      ahead: 0,
      priority: 'none',
      takenAtMs: 0,
    } as const;
    pickUp.send({ type: 'numberTaken', ticket });
    expect(pickUp.session().step.type).toBe('showToken');
  });
});

describe('collecting originals', () => {
  const atDoor = () => {
    const player = atCode('pickUp');
    const attempt = player.attempt();
    player.send({ type: 'codeRead', attempt, text: token });
    player.send({ type: 'pickUpFound', attempt, depositId: 'd', cell: 7, originals: ['租赁合同'], token });
    return player;
  };
  const door = (player: ReturnType<typeof atDoor>, type: 'cellOpened' | 'cellClosed') =>
    player.send({ type, attempt: player.attempt() });
  const failed = (player: ReturnType<typeof atDoor>, code: string): JourneyEvent => ({
    type: 'cellFailed',
    attempt: player.attempt(),
    trouble: { code, kind: 'locker' },
  });

  it('opens the cell, spends the code when the door is open, and frees the cell when it is shut', () => {
    const player = atDoor();
    expect(player.effects()).toEqual([{ type: 'openCell', attempt: player.attempt(), cell: 7 }]);
    expect(door(player, 'cellOpened')).toEqual([
      { type: 'spendPickUp', depositId: 'd', token, openingId: expect.any(String) as string },
      { type: 'awaitCellClosed', attempt: player.attempt(), cell: 7 },
    ]);
    expect(player.view().screen).toMatchObject({ type: 'pickUp', phase: 'open', what: 'originals', cell: '7' });
    expect(player.view().screen).toMatchObject({ papers: [{ zh: '租赁合同', en: '租赁合同' }] });
    expect(door(player, 'cellClosed')).toEqual([{ type: 'releaseCell', depositId: 'd' }]);
    player.intent({ type: 'next' });
    expect(player.view().screen.type).toBe('goodbye');
  });

  it('by the digits of a receipt: typed instead of shown, and not while another code is looked at', () => {
    const player = atCode('pickUp');
    const attempt = player.attempt();
    expect(player.intent({ type: 'typeCode', code: '12345678' })).toEqual([
      { type: 'cancelDevices' },
      { type: 'findCell', attempt, token: '12345678' },
    ]);
    expect(player.intent({ type: 'typeCode', code: '12345679' })).toEqual([]);
    player.send({ type: 'tokenRefused', attempt, trouble: { code: 'pickUpCodeWrong' } });
    expect(player.view().screen).toMatchObject({ type: 'showToken', failure: { code: 'pickUpCodeWrong' } });
    expect(atCode('appointment').intent({ type: 'typeCode', code: '12345678' })).toEqual([]);
  });

  it('whose lock does not move spends nothing, and is tried again under a new attempt', () => {
    const player = atDoor();
    const first = player.attempt();
    expect(player.send(failed(player, 'doorDidNotOpen'))).toEqual([]);
    expect(player.view().screen).toMatchObject({ phase: 'failed', failure: { code: 'doorDidNotOpen' } });
    expect(types(player.intent({ type: 'retry' }))).toEqual(['openCell']);
    expect(player.attempt()).not.toBe(first);
    player.send({ type: 'cellOpened', attempt: first });
    expect(player.view().screen).toMatchObject({ phase: 'opening' });
  });

  it('at doors that nothing feels asks the person, both times', () => {
    const player = atDoor();
    player.send(failed(player, 'unconfirmed'));
    expect(player.view().screen).toMatchObject({ phase: 'askOpen' });
    expect(types(player.intent({ type: 'answerDoor', isOpen: true }))).toEqual(['spendPickUp', 'awaitCellClosed']);
    player.send(failed(player, 'notSupported'));
    expect(player.view().screen).toMatchObject({ phase: 'askShut' });
    expect(player.intent({ type: 'answerDoor', isOpen: true })).toEqual([]);
    expect(player.view().screen).toMatchObject({ phase: 'askShut', failure: { code: 'doorLeftOpen' } });
    expect(types(player.intent({ type: 'answerDoor', isOpen: false }))).toEqual(['releaseCell']);
  });

  it('with a door that stays open keeps the cell in the books, and goes on watching', () => {
    const player = atDoor();
    door(player, 'cellOpened');
    expect(types(player.send(failed(player, 'doorLeftOpen')))).toEqual(['awaitCellClosed']);
    expect(player.view().screen).toMatchObject({ phase: 'open', failure: { code: 'doorLeftOpen' } });
    player.later(91_000);
    expect(types(player.send({ type: 'tick' }))).toEqual(['cancelDevices', 'wipe']);
  });

  it('after a restart goes on at the same door: the same attempt, nothing opened twice', () => {
    const player = atDoor();
    const attempt = player.attempt();
    expect(player.send({ type: 'resumed' })).toEqual([{ type: 'openCell', attempt, cell: 7 }]);
    door(player, 'cellOpened');
    expect(types(player.send({ type: 'resumed' }))).toEqual(['spendPickUp', 'awaitCellClosed']);
    expect(player.attempt()).toBe(attempt);
    door(player, 'cellClosed');
    expect(player.send({ type: 'resumed' })).toEqual([{ type: 'releaseCell', depositId: 'd' }]);
  });

  it('of a result spends its own code, and has no cell of the books to free', () => {
    const player = atCode('pickUp', createWorld({ cellName: (cell) => `A0${cell}` }));
    const attempt = player.attempt();
    player.intent({ type: 'typeCode', code: '40717233' });
    const result = { pickUpId: 'R1', name: { zh: '营业执照', en: 'Business licence' }, untilMs: player.now() };
    expect(types(player.send({ type: 'pickUpFound', attempt, cell: 7, result }))).toEqual(['openCell']);
    const opening = player.attempt();
    const openingId = expect.any(String) as string;
    const spending = { type: 'spendResult', result, cell: 7, openingId };
    expect(door(player, 'cellOpened')).toEqual([spending, { type: 'awaitCellClosed', attempt: opening, cell: 7 }]);
    expect(player.view().screen).toMatchObject({ phase: 'open', what: 'result', cell: 'A07', papers: [result.name] });
    // The host starts again under the open door: the same spending, no door twice.
    expect(types(player.send({ type: 'resumed' }))).toEqual(['spendResult', 'awaitCellClosed']);
    expect(door(player, 'cellClosed')).toEqual([]);
    expect(player.send({ type: 'resumed' })).toEqual([]);
    player.intent({ type: 'next' });
    expect(player.view().screen.type).toBe('goodbye');
  });

  it('is offered where there is a locker and a key for it; a locker out of order says why', () => {
    const home = (world = createWorld()) => {
      const player = createPlayer(world);
      player.intent({ type: 'touch' });
      player.intent({ type: 'next' });
      return player.view().screen;
    };
    const world = createWorld();
    const jammed = { code: 'x', who: 'hall', what: { zh: '柜', en: 'locker' }, todo: { zh: '', en: '' } } as const;
    const locker = { ...world.devices.locker, available: false, fault: jammed };
    expect(home()).toMatchObject({ pickUp: { available: true } });
    expect(home(createWorld({ tokens: { appointment: true, pickUp: false, deposit: false } }))).not.toHaveProperty(
      'pickUp',
    );
    expect(home({ ...world, devices: { ...world.devices, locker } })).toMatchObject({
      pickUp: { available: false, why: { en: 'locker' } },
    });
    expect(
      home({ ...world, devices: { ...world.devices, locker: { ...locker, configured: false } } }),
    ).not.toHaveProperty('pickUp');
  });
});
