import { describe, expect, it } from 'vitest';
import { card, createPlayer, createWorld, page } from './test-world.ts';
import { maskName, maskNumber } from './masks.ts';
import { roomWanted } from './apply/guide.ts';

const screenOf = (player: ReturnType<typeof createPlayer>) => player.view().screen;

describe('a visit', () => {
  it('goes from the attract screen to a receipt, a cell, a rating and back', () => {
    const player = createPlayer();
    player.toReceipt();
    expect(screenOf(player).type).toBe('receipt');
    const print = player.effects().find((effect) => effect.type === 'print');
    expect(print).toBeDefined();
    const { step } = player.session();
    if (step.type !== 'receipt') throw new Error('not at the receipt');
    player.send({ type: 'printEnded', jobId: step.printing.jobId, outcome: 'printed' });
    player.intent({ type: 'next' });
    expect(player.intent({ type: 'useLocker', use: true })).toEqual([
      { type: 'openCell', attempt: player.attempt(), cell: 7 },
    ]);
    player.send({ type: 'cellOpened', attempt: player.attempt() });
    expect(player.send({ type: 'cellClosed', attempt: player.attempt() })).toEqual([
      { type: 'storeDeposit', depositId: 'd1' },
    ]);
    player.send({ type: 'depositStored', depositId: 'd1' });
    player.intent({ type: 'next' });
    const rated = player.send({ type: 'padRated', attempt: player.attempt(), level: 5 });
    expect(rated).toContainEqual(expect.objectContaining({ type: 'saveRating', level: 5, channel: 'ratingPad' }));
    player.later(21_000);
    expect(player.send({ type: 'tick' })).toContainEqual(expect.objectContaining({ type: 'wipe' }));
    expect(player.state().session).toBeUndefined();
  });

  it('never keeps photo and fingerprint of the card', () => {
    const player = createPlayer();
    player.toForm();
    expect(JSON.stringify(player.session())).not.toMatch(/photo|fingerprint/);
  });

  it('shows neither the whole number nor the whole name nor the birth date', () => {
    const player = createPlayer();
    player.toForm();
    const shown = JSON.stringify(player.view());
    expect(shown).not.toContain(card.number);
    expect(shown).not.toContain('19900307');
    expect(shown).toContain(maskNumber(card.number));
    expect(shown).toContain(maskName(card.name));
  });

  it('refuses before anything is handed over when the disk has no room for it, and still gives queue numbers', () => {
    const [item] = createWorld().catalogue.items;
    if (!item) throw new Error('no item');
    const player = createPlayer(createWorld({ roomBytes: roomWanted(item) - 1 }));
    player.intent({ type: 'touch' });
    player.intent({ type: 'next' });
    player.intent({ type: 'search', query: '餐饮' });
    expect(screenOf(player)).toMatchObject({
      list: { items: [{ unavailable: { zh: expect.stringContaining('存储空间') } }] },
    });
    player.intent({ type: 'openItem', code: item.code });
    expect(screenOf(player)).toMatchObject({
      type: 'guide',
      here: { can: 'no', why: { en: expect.stringContaining('storage') } },
    });
    expect(player.intent({ type: 'next' })).toEqual([]);
    expect(player.session().step.type).toBe('guide');
    player.intent({ type: 'back' });
    player.intent({ type: 'openQueue' });
    expect(screenOf(player).type).toBe('queue');
  });

  it('goes on with what was begun when the disk runs out of room', () => {
    const player = createPlayer();
    player.world = Object.defineProperty(createWorld(), 'roomBytes', {
      get: () => (player.state().session?.person ? -1 : 50_000_000_000),
    });
    player.toReceipt();
    expect(player.world.roomBytes).toBe(-1);
    expect(screenOf(player).type).toBe('receipt');
  });

  it('warns before it wipes, and one touch keeps everything', () => {
    const player = createPlayer();
    player.toForm();
    player.later(61_000);
    player.send({ type: 'tick' });
    expect(player.view().idleWarning).toBeDefined();
    player.intent({ type: 'extend' });
    expect(player.view().idleWarning).toBeUndefined();
    player.later(91_000);
    expect(player.send({ type: 'tick' })).toContainEqual(expect.objectContaining({ type: 'wipe' }));
  });

  it('drops the answer of a device that belongs to an earlier attempt', () => {
    const player = createPlayer();
    player.toGuide();
    player.intent({ type: 'next' });
    const late = player.attempt();
    player.intent({ type: 'back' });
    player.intent({ type: 'next' });
    player.send({ type: 'cardRead', attempt: late, card });
    expect(player.session().person).toBeUndefined();
  });

  it('drops everything that arrives after the citizen has gone', () => {
    const player = createPlayer();
    player.toGuide();
    player.intent({ type: 'next' });
    const late = player.attempt();
    player.intent({ type: 'leave' });
    expect(player.state().session).toBeUndefined();
    expect(player.send({ type: 'cardRead', attempt: late, card })).toEqual([]);
    expect(player.state().session).toBeUndefined();
    player.intent({ type: 'touch' });
    player.send({ type: 'cardRead', attempt: late, card });
    expect(player.session().person).toBeUndefined();
  });
});

describe('before starting', () => {
  it('says that it will be sent later when the network is down', () => {
    const player = createPlayer(createWorld({ isOnline: false }));
    player.toGuide();
    expect(screenOf(player)).toMatchObject({ type: 'guide', here: { can: 'later' } });
  });

  it('does not begin when a needed device is out of order', () => {
    const world = createWorld();
    const player = createPlayer({
      ...world,
      devices: { ...world.devices, 'id-card-reader': { ...world.devices['id-card-reader'], available: false } },
    });
    player.toGuide();
    expect(screenOf(player)).toMatchObject({ here: { can: 'no' } });
    expect(player.intent({ type: 'next' })).toEqual([]);
    expect(player.session().step.type).toBe('guide');
  });
});

describe('the form', () => {
  it('keeps a wrong answer, explains it beside the field and does not go on', () => {
    const player = createPlayer();
    player.toForm();
    player.intent({ type: 'setField', fieldId: 'phone', value: '12' });
    player.intent({ type: 'next' });
    const screen = screenOf(player);
    if (screen.type !== 'form') throw new Error('not the form');
    expect(screen.page).toBe(0);
    const phone = screen.fields.find(({ field }) => field.id === 'phone');
    expect(phone?.value).toBe('12');
    expect(phone?.error?.zh).toBe('电话不对');
  });

  it('keeps an answer of 10,000 characters and refuses it', () => {
    const player = createPlayer();
    player.toForm();
    player.intent({ type: 'setField', fieldId: 'phone', value: '13800138000' });
    player.intent({ type: 'next' });
    player.intent({ type: 'setField', fieldId: 'shopName', value: '馆'.repeat(10_000) });
    player.intent({ type: 'next' });
    const screen = screenOf(player);
    if (screen.type !== 'form') throw new Error('not the form');
    expect(screen.page).toBe(1);
    expect(screen.fields[0]?.value).toHaveLength(10_000);
    expect(screen.fields[0]?.error).toBeDefined();
  });

  it('does not let a typed answer replace what the card says', () => {
    const player = createPlayer();
    player.toForm();
    player.intent({ type: 'setField', fieldId: 'applicantName', value: '李四' });
    expect(player.session().application?.form['applicantName']).toBe('张三');
  });
});

describe('materials', () => {
  it('explains a foreign code and arms the reader again', () => {
    const player = createPlayer();
    player.toMaterials();
    player.intent({ type: 'openMaterial', materialId: 'notice' });
    const effects = player.send({ type: 'codeRead', attempt: player.attempt(), text: 'https://a.example/pay' });
    expect(effects).toEqual([{ type: 'readCode', attempt: player.attempt() }]);
    expect(JSON.stringify(player.view())).toContain('codeNotRecognised');
  });

  it('does not count one page as a contract of two', () => {
    const player = createPlayer();
    player.toMaterials();
    player.intent({ type: 'openMaterial', materialId: 'lease', way: 'camera' });
    player.send({ type: 'pageAdded', materialId: 'lease', page: page('p1') });
    player.intent({ type: 'finishMaterial' });
    expect(player.session().application?.materials['lease']?.done).toBe(false);
  });

  it('throws away pages beyond the most that are wanted', () => {
    const player = createPlayer();
    player.toMaterials();
    player.intent({ type: 'openMaterial', materialId: 'lease', way: 'camera' });
    for (const id of ['p1', 'p2', 'p3']) player.send({ type: 'pageAdded', materialId: 'lease', page: page(id) });
    expect(player.send({ type: 'pageAdded', materialId: 'lease', page: page('p4') })).toEqual([
      { type: 'removeBlob', id: 'p4' },
    ]);
  });

  it('keeps the pages of a stack that broke off in the middle, and says why there are no more', () => {
    const player = createPlayer();
    player.toMaterials();
    player.intent({ type: 'openMaterial', materialId: 'lease', way: 'scanner' });
    player.intent({ type: 'scanPage', source: 'feeder' });
    const attempt = player.attempt();
    player.send({ type: 'pagesScanned', attempt, pages: [page('p1'), page('p2')] });
    player.send({ type: 'deviceFailed', attempt, trouble: { code: 'stackJammed', kind: 'document-scanner' } });
    expect(player.session().application?.materials['lease']?.pages.map(({ id }) => id)).toEqual(['p1', 'p2']);
    expect(player.session().step).toMatchObject({ capture: { phase: 'failed', trouble: { code: 'stackJammed' } } });
  });

  it('does not go on while a required material is missing', () => {
    const player = createPlayer();
    player.toMaterials();
    player.intent({ type: 'next' });
    expect(player.session().step.type).toBe('materials');
  });

  it('starts an interrupted scan afresh after a restart instead of waiting for it', () => {
    const player = createPlayer();
    player.toMaterials();
    player.intent({ type: 'openMaterial', materialId: 'lease', way: 'scanner' });
    player.intent({ type: 'scanPage', source: 'platen' });
    player.send({ type: 'resumed' });
    const { step } = player.session();
    expect(step.type === 'materials' && step.capture?.phase).toBe('waiting');
  });
});

describe('signing', () => {
  it('refuses a signature that was given for another text', () => {
    const player = createPlayer();
    player.toReview();
    player.intent({ type: 'next' });
    player.intent({ type: 'sign', digest: 'f'.repeat(64), strokes: [[[0, 0, 0]]] });
    expect(screenOf(player)).toMatchObject({ type: 'sign', failure: { code: 'signedTextChanged' } });
  });
});

describe('paper', () => {
  it('asks when nobody knows whether it came out, and reprints with the same number', () => {
    const player = createPlayer();
    player.toReceipt();
    const { step } = player.session();
    if (step.type !== 'receipt') throw new Error('not at the receipt');
    player.send({ type: 'printEnded', jobId: step.printing.jobId, outcome: 'unconfirmed' });
    expect(screenOf(player)).toMatchObject({ number: 'R-1', print: { phase: 'unconfirmed' } });
    const [effect] = player.intent({ type: 'answerPrinted', cameOut: false });
    expect(effect).toMatchObject({ type: 'print', document: { isReprint: true } });
    expect(effect?.type === 'print' && effect.jobId).not.toBe(step.printing.jobId);
  });

  it('after a restart asks for the same job again, never for a second one', () => {
    const player = createPlayer();
    player.toReceipt();
    const { step } = player.session();
    if (step.type !== 'receipt') throw new Error('not at the receipt');
    expect(player.send({ type: 'resumed' })).toContainEqual(
      expect.objectContaining({ type: 'print', jobId: step.printing.jobId }),
    );
  });

  it('does not hold the citizen while the printer stands still', () => {
    const player = createPlayer();
    player.toReceipt();
    player.intent({ type: 'next' });
    expect(player.session().step.type).toBe('locker');
  });
});

describe('the locker', () => {
  it('keeps asking for the door until it is shut', () => {
    const player = createPlayer();
    player.toReceipt();
    player.intent({ type: 'next' });
    player.intent({ type: 'useLocker', use: true });
    player.send({ type: 'cellOpened', attempt: player.attempt() });
    const again = player.send({
      type: 'cellFailed',
      attempt: player.attempt(),
      trouble: { code: 'doorLeftOpen', kind: 'locker' },
    });
    expect(again).toEqual([{ type: 'awaitCellClosed', attempt: player.attempt(), cell: 7 }]);
    expect(screenOf(player)).toMatchObject({ phase: 'open', failure: { code: 'doorLeftOpen' } });
  });

  it('asks the person where nothing feels the door, and believes the answer', () => {
    const player = createPlayer();
    player.toReceipt();
    player.intent({ type: 'next' });
    player.intent({ type: 'useLocker', use: true });
    const unfelt = { code: 'unconfirmed', kind: 'locker' } as const;
    expect(player.send({ type: 'cellFailed', attempt: player.attempt(), trouble: unfelt })).toEqual([]);
    expect(screenOf(player)).toMatchObject({ phase: 'askOpen' });
    expect(player.intent({ type: 'answerDoor', isOpen: true })).toEqual([
      { type: 'awaitCellClosed', attempt: player.attempt(), cell: 7 },
    ]);
    // The board cannot watch the door: asking it again and again would never end.
    const unwatched = { code: 'unsupportedCommand', kind: 'locker' } as const;
    expect(player.send({ type: 'cellFailed', attempt: player.attempt(), trouble: unwatched })).toEqual([]);
    expect(screenOf(player)).toMatchObject({ phase: 'askShut' });
    player.intent({ type: 'answerDoor', isOpen: true });
    expect(screenOf(player)).toMatchObject({ phase: 'askShut', failure: { code: 'doorLeftOpen' } });
    expect(player.intent({ type: 'answerDoor', isOpen: false })).toEqual([{ type: 'storeDeposit', depositId: 'd1' }]);
    expect(screenOf(player)).toMatchObject({ phase: 'closed' });
  });

  it('says when the papers could not be written down, and tries again', () => {
    const player = createPlayer();
    player.toReceipt();
    player.intent({ type: 'next' });
    player.intent({ type: 'useLocker', use: true });
    player.send({ type: 'cellOpened', attempt: player.attempt() });
    player.send({ type: 'cellClosed', attempt: player.attempt() });
    player.send({ type: 'depositNotStored', depositId: 'd1' });
    expect(screenOf(player)).toMatchObject({ phase: 'closed', failure: { code: 'depositNotStored' } });
    expect(screenOf(player)).not.toHaveProperty('pickUpCode');
    expect(player.intent({ type: 'retry' })).toEqual([{ type: 'storeDeposit', depositId: 'd1' }]);
    player.send({ type: 'depositNotStored', depositId: 'd1' });
    // A restart tries it as well, and what works is shown as such.
    expect(player.send({ type: 'resumed' })).toEqual([{ type: 'storeDeposit', depositId: 'd1' }]);
    player.send({ type: 'depositStored', depositId: 'd1' });
    expect(screenOf(player)).toMatchObject({ phase: 'closed', pickUpCode: expect.any(String) as string });
    expect(screenOf(player)).not.toHaveProperty('failure');
  });

  it('offers another try when the person says that the door did not open', () => {
    const player = createPlayer();
    player.toReceipt();
    player.intent({ type: 'next' });
    player.intent({ type: 'useLocker', use: true });
    player.send({
      type: 'cellFailed',
      attempt: player.attempt(),
      trouble: { code: 'unconfirmed', kind: 'locker' },
    });
    player.intent({ type: 'answerDoor', isOpen: false });
    expect(screenOf(player)).toMatchObject({ phase: 'failed', failure: { code: 'doorDidNotOpen' } });
  });

  it('gives the cell back when the door does not open and the citizen goes on', () => {
    const player = createPlayer();
    player.toReceipt();
    player.intent({ type: 'next' });
    player.intent({ type: 'useLocker', use: true });
    player.send({ type: 'cellFailed', attempt: player.attempt(), trouble: { code: 'doorDidNotOpen', kind: 'locker' } });
    expect(screenOf(player)).toMatchObject({ phase: 'failed' });
    expect(player.intent({ type: 'next' })).toContainEqual({ type: 'cancelDeposit', depositId: 'd1' });
  });
});

describe('rating', () => {
  it('records nothing when the citizen is silent or skips', () => {
    const player = createPlayer();
    player.toReceipt();
    player.intent({ type: 'next' });
    player.intent({ type: 'useLocker', use: false });
    expect(player.intent({ type: 'skipRating' }).some((effect) => effect.type === 'saveRating')).toBe(false);
  });

  it('takes one rating only, from the pad or the screen', () => {
    const player = createPlayer();
    player.toReceipt();
    player.intent({ type: 'next' });
    player.intent({ type: 'useLocker', use: false });
    const attempt = player.attempt();
    player.intent({ type: 'rate', level: 4, reasons: [] });
    expect(player.send({ type: 'padRated', attempt, level: 1 }).some((effect) => effect.type === 'saveRating')).toBe(
      false,
    );
  });
});

describe('taking a number', () => {
  it('offers elders their priority and prints once', () => {
    const player = createPlayer();
    player.intent({ type: 'touch' });
    player.intent({ type: 'setMode', mode: 'elder' });
    player.intent({ type: 'next' });
    player.intent({ type: 'openQueue' });
    expect(screenOf(player)).toMatchObject({ type: 'queue', priority: 'elder' });
    player.intent({ type: 'chooseBusiness', code: 'SOC' });
    expect(player.intent({ type: 'takeNumber' })).toEqual([
      { type: 'takeNumber', businessCode: 'SOC', priority: 'elder' },
    ]);
    expect(player.intent({ type: 'takeNumber' })).toEqual([]);
    const effects = player.send({
      type: 'numberTaken',
      ticket: {
        ticketId: 't1',
        number: 'B001',
        businessCode: 'SOC',
        ahead: 3,
        priority: 'elder',
        takenAtMs: player.now(),
      },
    });
    expect(effects.filter(({ type }) => type === 'print')).toHaveLength(1);
    expect(screenOf(player)).toMatchObject({ type: 'ticket', number: 'B001', ahead: 3 });
  });
});
