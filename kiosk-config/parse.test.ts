import { describe, expect, test } from 'vitest';
import { formatConfigErrors, parseConfig } from './parse.ts';
import { drivers, locker, pathsOf, problemsOf, reader, scanner, small } from './test-files.ts';

describe('a small configuration', () => {
  test('works, with every default filled in', () => {
    const result = parseConfig({ ...small, devices: [reader, scanner] }, { drivers });
    if (!result.ok) throw new Error(formatConfigErrors(result.error.problems, 'en'));
    const config = result.value;
    expect(result.warnings).toEqual([]);
    expect(config.kiosk.timeZone).toBe('Asia/Shanghai');
    expect(config.session).toEqual({ idleWarningSec: 60, idleWipeSec: 90, goodbyeSec: 20 });
    expect(config.central.retry).toEqual({ firstDelayMs: 1000, maxDelayMs: 300_000 });
    expect(config.queue.businesses).toEqual([]);
    expect(config.devices[0]).toEqual({
      ...reader,
      link: { ...reader.link, parity: 'none', dataBits: 8, stopBits: 1, flowControl: 'none' },
      settings: { fast: true },
      required: true,
      place: { edge: 'right', at: 0.8, label: { zh: '屏幕右侧下方', en: 'lower right of the screen' } },
      name: { zh: '身份证阅读器', en: 'ID card reader' },
    });
  });

  test('a port that is not there is no problem of the file', () => {
    expect(
      problemsOf({ ...small, devices: [{ ...reader, link: { type: 'serial', path: '/dev/serial/by-id/unplugged' } }] }),
    ).toEqual([]);
  });

  test('a printer gets paper and character set from `printing`', () => {
    const printer = {
      id: 'p',
      kind: 'ticket-printer',
      driver: 'escpos',
      link: { type: 'tcp', host: '10.0.0.9', port: 9100 },
      place: { edge: 'bottom', at: 0.5 },
    };
    const result = parseConfig(
      { ...small, printing: { paperWidthMm: 58, encoding: 'gb18030' }, devices: [printer] },
      { drivers },
    );
    expect(result.ok && result.value.devices[0]?.settings).toEqual({ paperWidthMm: 58, encoding: 'gb18030' });
  });
});

describe('every problem is told at once', () => {
  test('problems of different kinds stand in one list', () => {
    const paths = pathsOf({
      ...small,
      kiosk: { ...small.kiosk, timeZone: 'Asia/Ezhou' },
      session: { idleWarningSec: 60, idleWipeSec: 70 },
      sesion: {},
      printing: { paperWidthMm: 76 },
      devices: [
        { ...reader, link: { ...reader.link, baudRate: 9700 } },
        { ...reader, driver: 'sam-seral' },
        { ...locker, settings: { board: 99 } },
      ],
      locker: {
        cells: [
          { cell: 3, label: 'A' },
          { cell: 3, label: 'B' },
        ],
      },
    });
    expect(paths.toSorted()).toEqual([
      'devices[0].link.baudRate',
      'devices[1].driver',
      'devices[1].id',
      'devices[1].link.path',
      'devices[2].settings.board',
      'devices[2].settings.cells',
      'kiosk.timeZone',
      'locker.cells[1].cell',
      'printing.paperWidthMm',
      'sesion',
      'session.idleWipeSec',
    ]);
  });

  test('an unknown key names the key that was meant', () => {
    expect(problemsOf({ ...small, devices: [{ ...reader, link: { ...reader.link, baudrate: 9600 } }] })).toEqual([
      {
        path: 'devices[0].link.baudrate',
        found: '9600',
        allowed: 'type, path, baudRate, parity, dataBits, stopBits, flowControl',
        zh: '不认识的设置 baudrate，是不是想写 baudRate？',
        en: 'baudrate is not a known setting; did you mean baudRate?',
      },
    ]);
  });

  test('an unknown key that resembles nothing gets the list only', () => {
    const [problem] = problemsOf({ ...small, zzzzzz: 1 });
    expect(problem?.en).toBe('zzzzzz is not a known setting');
    expect(problem?.allowed).toContain('kiosk, panel, window');
  });

  test('a wrong baud rate gets the allowed ones', () => {
    const [problem] = problemsOf({ ...small, devices: [{ ...reader, link: { ...reader.link, baudRate: 9700 } }] });
    expect(problem).toMatchObject({
      path: 'devices[0].link.baudRate',
      found: '9700',
      allowed: '1200 | 2400 | 4800 | 9600 | 19200 | 38400 | 57600 | 115200',
    });
  });

  test('a wrong type says what stands there and what should', () => {
    const [problem] = problemsOf({ ...small, session: { idleWarningSec: '60' } });
    expect(problem).toEqual({
      path: 'session.idleWarningSec',
      found: '"60"',
      allowed: '10…3600',
      zh: '这里应该是整数（不加引号）',
      en: 'this should be a whole number without quotes',
    });
  });

  test('a missing entry is said to be missing', () => {
    const { hall: _, ...kiosk } = small.kiosk;
    expect(problemsOf({ ...small, kiosk })).toMatchObject([{ path: 'kiosk.hall', found: '', en: 'hall is missing' }]);
  });

  test('an unknown driver gets the list of drivers of its kind', () => {
    expect(problemsOf({ ...small, devices: [{ ...reader, driver: 'sam-usb' }] })).toMatchObject([
      { path: 'devices[0].driver', found: '"sam-usb"', allowed: 'sam-serial' },
    ]);
  });

  test('a driver of another kind is refused', () => {
    expect(problemsOf({ ...small, devices: [{ ...reader, kind: 'locker' }] })).toMatchObject([
      { path: 'devices[0].kind', en: 'driver sam-serial is for id-card-reader, not for locker' },
    ]);
  });

  test('a link that the driver cannot stand on is refused, and so is a missing one', () => {
    const { link: _, ...unlinked } = reader;
    expect(pathsOf({ ...small, devices: [unlinked] })).toEqual(['devices[0].link']);
    const onHid = { ...reader, link: { type: 'hid', vendorId: 1, productId: 2 } };
    expect(problemsOf({ ...small, devices: [onHid] })).toMatchObject([
      { path: 'devices[0].link.type', allowed: 'serial | tcp' },
    ]);
  });

  test('an unknown link type gets the known ones', () => {
    expect(problemsOf({ ...small, devices: [{ ...reader, link: { type: 'usb' } }] })).toMatchObject([
      { path: 'devices[0].link.type', allowed: '"serial" | "tcp" | "hid" | "lp"' },
    ]);
  });

  test.each([
    [{ type: 'serial', path: '/dev/ttyS1' }, { type: 'serial', path: '/dev//./ttyS1' }, 'devices[1].link.path'],
    [{ type: 'tcp', host: 'Moxa', port: 4001 }, { type: 'tcp', host: 'moxa', port: 4001 }, 'devices[1].link.port'],
  ])('one port for two devices is refused: %j', (first, second, path) => {
    const problems = problemsOf({
      ...small,
      devices: [
        { ...reader, link: first },
        { ...reader, id: 'other', link: second },
      ],
    });
    expect(problems.map((problem) => problem.path)).toEqual([path]);
    expect(problems[0]?.en).toContain('already belongs to device reader');
  });

  test.each([{ cells: 4 }, { boards: [1, 2].map((address) => ({ address, locks: 2 })) }])(
    'a cell that no board has is refused: %j',
    (settings) => {
      const link = { type: 'tcp', host: 'moxa', port: 4001 };
      const device = { id: 'l', kind: 'locker', driver: 'board-8a80', place: { edge: 'left', at: 0 }, link, settings };
      const cells = [4, 5].map((cell) => ({ cell, label: `${cell}` }));
      expect(pathsOf({ ...small, devices: [device], locker: { cells } })).toContain('locker.cells[1].cell');
    },
  );

  test('two equal HID devices need serial numbers to tell them apart', () => {
    const pad = {
      id: 'a',
      kind: 'locker',
      driver: 'board-8a80',
      settings: { cells: 2 },
      place: { edge: 'left', at: 0 },
    };
    const link = { type: 'hid', vendorId: 0x0c2e, productId: 0x0206 };
    expect(
      pathsOf({
        ...small,
        devices: [
          { ...pad, link },
          { ...pad, id: 'b', link },
        ],
      }),
    ).toEqual(['devices[1].link.productId']);
    const told = [
      { ...pad, link: { ...link, serialNumber: '1' } },
      { ...pad, id: 'b', link: { ...link, serialNumber: '2' } },
    ];
    expect(pathsOf({ ...small, devices: told })).toEqual([]);
  });

  test('one printer node for two devices is refused', () => {
    const place = { edge: 'left', at: 0 };
    const board = { kind: 'locker', driver: 'board-8a80', settings: { cells: 2 }, place };
    const devices = ['/dev/usb/lp0', '/dev/usb/../usb/lp0', '/dev/usb/lp1'].map((path, index) => ({
      ...board,
      id: `p${index}`,
      link: { type: 'lp', path },
    }));
    expect(pathsOf({ ...small, devices })).toEqual(['devices[1].link.path']);
  });

  test('a HID link that leaves open which of two devices it means is refused, in either order', () => {
    const pad = {
      id: 'a',
      kind: 'locker',
      driver: 'board-8a80',
      settings: { cells: 2 },
      place: { edge: 'left', at: 0 },
    };
    const model = { type: 'hid', vendorId: 0x0c2e, productId: 0x0206 };
    const both = (first: object, second: object): string[] =>
      pathsOf({
        ...small,
        devices: [
          { ...pad, link: { ...model, ...first } },
          { ...pad, id: 'b', link: { ...model, ...second } },
        ],
      });
    expect(both({}, { serialNumber: '1' })).toEqual(['devices[1].link.productId']);
    expect(both({ serialNumber: '1' }, {})).toEqual(['devices[1].link.productId']);
    expect(both({ usagePage: 0x8c }, { usagePage: 0xff00 })).toEqual([]);
    expect(both({ usagePage: 1, usage: 2 }, { usagePage: 1, usage: 6 })).toEqual([]);
    expect(both({}, { productId: 0x0207 })).toEqual([]);
  });

  test.each([
    [{ idleWarningSec: 60, idleWipeSec: 79 }, 'session.idleWipeSec', '≥ 80'],
    [{ idleWarningSec: 71 }, 'session.idleWarningSec', '≤ 70'],
    [{ idleWipeSec: 79 }, 'session.idleWipeSec', '≥ 80'],
  ])('a warning less than 20 s ahead of the wipe is refused: %j', (session, path, allowed) => {
    expect(problemsOf({ ...small, session })).toMatchObject([{ path, allowed }]);
  });

  test('20 s ahead is enough', () => {
    expect(problemsOf({ ...small, session: { idleWarningSec: 60, idleWipeSec: 80 } })).toEqual([]);
  });

  test('cells twice, labels twice and cells that the board does not have', () => {
    const cells = [
      { cell: 1, label: 'A' },
      { cell: 1, label: 'B' },
      { cell: 2, label: 'A' },
      { cell: 13, label: 'C' },
    ];
    expect(pathsOf({ ...small, devices: [locker], locker: { cells } })).toEqual([
      'locker.cells[1].cell',
      'locker.cells[2].label',
      'locker.cells[3].cell',
    ]);
  });

  test('a printer may not contradict `printing`', () => {
    const printer = {
      id: 'p',
      kind: 'ticket-printer',
      driver: 'escpos',
      settings: { paperWidthMm: 58 },
      place: { edge: 'bottom', at: 0.5 },
    };
    expect(pathsOf({ ...small, devices: [printer] })).toEqual(['devices[0].settings.paperWidthMm']);
  });

  test('hours that end before they begin, or overlap', () => {
    const business = { code: 'A', name: { zh: '甲', en: 'A' }, prefix: 'A' };
    const hours = {
      mon: [{ from: '09:00', to: '08:00' }],
      tue: [
        { from: '08:00', to: '12:00' },
        { from: '11:00', to: '24:00' },
      ],
      wed: [{ from: '8:00', to: '25:00' }],
    };
    expect(pathsOf({ ...small, queue: { businesses: [{ ...business, hours }] } })).toEqual([
      'queue.businesses[0].hours.wed[0].from',
      'queue.businesses[0].hours.wed[0].to',
      'queue.businesses[0].hours.mon[0].to',
      'queue.businesses[0].hours.tue[1].from',
      'queue.businesses[0].hours.wed[0].to',
    ]);
    expect(problemsOf({ ...small, queue: { businesses: [{ ...business, hours: 'sometimes' }] } })).toMatchObject([
      { path: 'queue.businesses[0].hours', found: '"sometimes"' },
    ]);
  });

  test('the central key is given once, as a file or as text', () => {
    const url = 'http://localhost:7000';
    expect(pathsOf({ ...small, central: { url } })).toEqual(['central']);
    expect(pathsOf({ ...small, central: { url, kioskKey: 'k'.repeat(20), kioskKeyFile: 'f' } })).toEqual(['central']);
    expect(pathsOf({ ...small, central: { url: 'ftp://x', kioskKeyFile: 'f' } })).toEqual(['central.url']);
  });

  test('certificates need https, and hours without a cap need a cap', () => {
    const key = { kioskKeyFile: 'f' };
    const tls = { caFile: 'ca.pem', certFile: 'kiosk.pem', keyFile: 'kiosk.key' };
    const free = { from: '22:00', to: '06:00' };
    const centre = (more: object) => pathsOf({ ...small, central: { url: 'https://centre.test', ...key, ...more } });
    expect(centre({ tls, uploadKbps: 256, uploadFreeHours: free })).toEqual([]);
    expect(centre({ tls, url: 'http://centre.test' })).toEqual(['central.url']);
    expect(centre({ uploadFreeHours: free })).toEqual(['central.uploadKbps']);
    expect(centre({ tls: { ...tls, pinSha256: 'abc' } })).toEqual(['central.tls.pinSha256']);
  });

  test('secrets never show in a message', () => {
    const text = JSON.stringify({
      ...small,
      central: { url: 'https://x.cn', kioskKey: 'hush-hush' },
      staff: { firstAccounts: [{ account: 'wang', name: '王', role: 'manager', pinHash: 'hush-hush' }] },
    });
    const problems = problemsOf(text);
    expect(problems.map((problem) => problem.path)).toEqual(['central.kioskKey', 'staff.firstAccounts[0].pinHash']);
    expect(JSON.stringify(problems)).not.toContain('hush');
  });

  test('a prototype cannot be smuggled in', () => {
    const text = JSON.stringify(small).replace('{', '{"__proto__": {"isAdmin": true}, "constructor": 1,');
    expect(pathsOf(text)).toEqual(['__proto__', 'constructor']);
  });
});
