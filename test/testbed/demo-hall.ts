// A whole hall on one machine: central server, simulated devices on real ttys, a SANE test scanner, a camera made of a file, a
// dock to play them, and the configuration that ties them together. `npm start` shows it; the walks drive it.

import { createHash, randomBytes, randomInt } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import Database from 'better-sqlite3';
import { registry } from '../../devices/registry.ts';
import { parseConfig } from '../../kiosk-config/parse.ts';
import type { KioskConfig } from '../../kiosk-config/schema.ts';
import { lockerDepositSchema } from '../../main/contract/intake.ts';
import { startCentral, type Central } from './central/central.ts';
import { createTokenIssuer } from './central/tokens.ts';
import { writeCameraFile } from './hall/camera.ts';
import type { Dock } from './hall/dock.ts';
import { startHall, type Hall } from './hall/hall.ts';
import { deviceKinds } from '../../devices/kit/status.ts';
import { hasCommand } from './system-packages.ts';

export type DemoOptions = {
  orientation?: 'portrait' | 'landscape';
  withDock?: boolean;
  /** Changes to the configuration, e.g. shorter idle times. */
  adjust?(config: Record<string, unknown>): void;
  say(line: string): void;
};

export type DemoHall = {
  directory: string;
  configPath: string;
  config: KioskConfig;
  /** For the host process. */
  environment: Record<string, string>;
  cameraFile: string;
  cameraFlags: string[];
  central: Central;
  hall: Hall;
  dock: Dock | undefined;
  /** The text of an appointment's QR code, good for the next two hours. */
  appointmentCode(businessCode: string): string;
  /** The text of the QR code that opens the cell of the last deposit, once the centre has heard of it. */
  pickUpCode(): string | undefined;
  /** The text of a QR code by which papers of a case that was taken elsewhere are left, and the number in it. */
  deposit: { code: string; number: string };
  /** A result that waits in the last cell, and the eight digits that open it. */
  result: { pickUpId: string; code: string; cell: number };
  /** Payloads of the events of a kind that the centre has taken, oldest first. */
  told(kind: string): Record<string, unknown>[];
  stop(): Promise<void>;
};

/** For the demo and the tests only; printed at the start of the demo. */
export const demoStaff = [
  { account: 'manager', name: '大厅管理员（演示）', role: 'manager', pin: '246810' },
  { account: 'engineer', name: '运维工程师（演示）', role: 'technician', pin: '135790' },
] as const;

const kioskKey = 'demo-hall-kiosk-key-not-secret';
const kioskId = 'DEMO-0001';
const hallCode = 'DEMO-HALL';
/** Publishes at the demo's own centre; see docs/bundles.md. */
const adminKey = 'demo-hall-admin-key-not-secret';
const announcement = {
  zh: '食品经营许可和营业执照现在可以一次办：选“我要开饭店”。',
  en: 'Business licence and food permit in one go: choose “Open a restaurant”.',
};
const cellCount = 24;

const hourMs = 3_600_000;
/** Of a case that was taken on the web. */
const depositNumber = 'DEMO-WEB-20261122-00017';

const bytesOfUuid = (uuid: string): string => Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url');

const toldOf = (books: string, kind: string): Record<string, unknown>[] => {
  const db = new Database(books, { readonly: true });
  try {
    const sql = 'SELECT payload FROM events WHERE kind = ? ORDER BY received_at';
    const rows = db.prepare<[string], string>(sql).pluck().all(kind);
    return rows.map((payload) => JSON.parse(payload) as Record<string, unknown>);
  } finally {
    db.close();
  }
};

/** As a platform that makes pick-up codes would: from what the kiosk reported. */
const lastDeposit = (books: string): { depositId: string; cell: string } | undefined => {
  const last = toldOf(books, 'locker.deposited').at(-1);
  return last && lockerDepositSchema.parse(last);
};

/** What the centre tells a kiosk of a result: the code itself only as a salted hash. */
const listed = ({ pickUpId, code, cell }: DemoHall['result']) => {
  const salt = randomBytes(18).toString('base64url');
  return {
    pickUpId,
    salt,
    hash: createHash('sha256').update(`${salt}|${code}`).digest('hex'),
    cell,
    name: { zh: '食品经营许可证', en: 'Food business licence' },
    until: new Date(Date.now() + 7 * 24 * hourMs).toISOString(),
  };
};

const place = (edge: string, at: number, zh: string, en: string): object => ({ edge, at, label: { zh, en } });

export const assembleDemo = async (options: DemoOptions): Promise<DemoHall> => {
  const directory = await mkdtemp(join(tmpdir(), 'hall-kiosk-demo-'));
  await mkdir(join(directory, 'store'), { mode: 0o700 });
  const issuers = [createTokenIssuer('demo-sm2', 'sm2'), createTokenIssuer('demo-ed25519', 'ed25519')] as const;
  const stops: (() => Promise<unknown>)[] = [];
  try {
    const central = await startCentral({
      directory: join(directory, 'central'),
      kioskKeys: { [kioskId]: kioskKey },
      hallCode,
      adminKey,
    });
    stops.push(() => central.stop());
    // What hangs on the first screen comes down signed, as it would from a city's platform.
    central.bundles.publish({
      channel: 'announcements',
      audience: { halls: [hallCode] },
      payload: { items: [{ id: 'open-a-restaurant', text: announcement }] },
    });
    const code = String(randomInt(10 ** 8)).padStart(8, '0');
    const result = { pickUpId: 'demo-result', code, cell: cellCount };
    central.bundles.publish({
      channel: 'pickUpCodes',
      audience: { kiosks: [kioskId] },
      payload: { codes: [listed(result)], revoked: [] },
    });
    const deposit = {
      number: depositNumber,
      code: issuers[0].issue({
        purpose: 'deposit',
        where: `k:${kioskId}`,
        fromMs: Date.now() - hourMs,
        toMs: Date.now() + 24 * hourMs,
        subject: { r: depositNumber },
      }),
    };
    const hasScanner = hasCommand('scanimage');
    if (!hasScanner)
      options.say('没有 scanimage，扫描仪将显示为不可用 / no scanimage: the scanner will be shown as unavailable');
    const hall = await startHall({
      dir: join(directory, 'hall'),
      kinds: deviceKinds,
      // Each wire has the speed of the real one, so that times are a hall's times.
      settings: {
        'id-card-reader': { baudRate: 115_200 },
        'qr-reader': { baudRate: 9600 },
        'ticket-printer': { baudRate: 115_200 },
        'rating-pad': { baudRate: 9600, model: 'exampleAsciiDigits' },
        locker: { baudRate: 9600, locks: cellCount },
      },
      ...(process.platform === 'win32' ? { link: 'tcp' as const } : {}),
    });
    stops.push(() => hall.stop());
    const deviceOf = (kind: string) => hall.devices.find((device) => device.kind === kind);
    const dock = options.withDock ? await (await import('./hall/dock.ts')).startDock({ hall }) : undefined;
    if (dock) {
      stops.push(() => dock.stop());
      dock.registerKnobs('network', {
        title: { zh: '网络', en: 'Network' },
        knobs: {
          cut: { title: { zh: '断网', en: 'Cut the network' }, turn: () => central.control.setOutage(true) },
          restore: {
            title: { zh: '恢复网络', en: 'Restore the network' },
            turn: () => central.control.setOutage(false),
          },
        },
        look: () => central.counts(),
      });
    }
    const { cameraFile, cameraFlags } = await writeCameraFile(directory);
    const portrait = options.orientation !== 'landscape';
    const accounts = await Promise.all(
      demoStaff.map(async ({ pin, ...account }) => ({ ...account, pinHash: await hash(pin) })),
    );
    const link = (kind: string, baudRate: number): object => {
      const path = deviceOf(kind)?.path ?? '';
      if (!path.startsWith('tcp://')) return { type: 'serial', path, baudRate };
      const { hostname, port } = new URL(path);
      return { type: 'tcp', host: hostname, port: Number(port) };
    };
    const raw: Record<string, unknown> = {
      version: 1,
      kiosk: {
        id: kioskId,
        hallCode,
        hall: { zh: '示范市政务服务中心 24小时自助服务区', en: 'Model City Service Hall · 24 h' },
        place: { zh: '一楼东侧自助服务区 1 号机', en: 'Ground floor, east wing, kiosk 1' },
        askAt: { zh: '咨询电话 12345', en: 'Questions: call 12345' },
      },
      panel: { diagonalInch: 27, widthPx: portrait ? 1080 : 1920, heightPx: portrait ? 1920 : 1080 },
      window: { fullscreen: true },
      central: {
        url: central.url,
        kioskKey,
        bundleRoot: central.bundles.rootPath,
        requestTimeoutMs: 4000,
        retry: { firstDelayMs: 300, maxDelayMs: 3000 },
      },
      store: { directory: join(directory, 'store'), machineKeyFile: join(directory, 'machine.key') },
      logging: { directory: join(directory, 'log'), level: 'info' },
      devices: [
        {
          id: 'card',
          kind: 'id-card-reader',
          driver: 'sam-serial',
          link: link('id-card-reader', 115200),
          place: place('right', 0.8, '屏幕右下方的读卡区', 'the card area at the lower right'),
        },
        {
          id: 'code',
          kind: 'qr-reader',
          driver: 'line-qr',
          link: link('qr-reader', 9600),
          place: place('right', 0.55, '屏幕右侧的扫码窗', 'the code window on the right'),
        },
        {
          id: 'printer',
          kind: 'ticket-printer',
          driver: 'escpos',
          link: link('ticket-printer', 115200),
          place: place('bottom', 0.5, '屏幕下方的出纸口', 'the paper slot below the screen'),
        },
        {
          id: 'pad',
          kind: 'rating-pad',
          driver: 'declarative-pad',
          link: link('rating-pad', 9600),
          settings: { model: 'exampleAsciiDigits' },
          place: place('right', 0.3, '屏幕右侧的评价器', 'the rating pad on the right'),
        },
        {
          id: 'locker',
          kind: 'locker',
          driver: 'board-8a80',
          link: link('locker', 9600),
          settings: { cells: cellCount, statusBy: 'all' },
          place: place('left', 0.5, '机身左侧的存取柜', 'the locker on the left'),
        },
        {
          id: 'scanner',
          kind: 'document-scanner',
          driver: 'sane',
          settings: { device: deviceOf('document-scanner')?.device ?? 'test:1' },
          required: false,
          place: place('left', 0.85, '屏幕左下方的扫描仪', 'the scanner at the lower left'),
        },
      ],
      camera: { place: place('top', 0.5, '屏幕上方的高拍仪', 'the camera above the screen') },
      queue: {
        businesses: [
          {
            code: 'REG',
            name: { zh: '企业登记', en: 'Business registration' },
            prefix: 'A',
            counters: 3,
            averageServiceSec: 720,
          },
          {
            code: 'SOC',
            name: { zh: '社保医保', en: 'Social and medical insurance' },
            prefix: 'B',
            counters: 4,
            averageServiceSec: 480,
          },
          {
            code: 'EST',
            name: { zh: '不动产登记', en: 'Real estate registration' },
            prefix: 'C',
            counters: 2,
            averageServiceSec: 900,
          },
          {
            code: 'FUND',
            name: { zh: '住房公积金', en: 'Housing fund' },
            prefix: 'D',
            counters: 2,
            averageServiceSec: 420,
          },
        ],
      },
      tokens: { issuers: issuers.map((issuer) => issuer.key()) },
      locker: {
        cells: Array.from({ length: cellCount }, (_, index) => ({ cell: index + 1, label: String(index + 1) })),
      },
      services: { announcement },
      staff: { firstAccounts: accounts },
      ...(dock ? { training: { dockUrl: dock.url } } : {}),
    };
    options.adjust?.(raw);
    const parsed = parseConfig(raw, { drivers: registry });
    if (!parsed.ok) throw new Error(parsed.error.message);
    const configPath = join(directory, 'kiosk.json');
    await writeFile(configPath, JSON.stringify(raw, undefined, 2), { mode: 0o600 });
    return {
      directory,
      configPath,
      config: parsed.value,
      environment: { SANE_CONFIG_DIR: deviceOf('document-scanner')?.path ?? '' },
      cameraFile,
      cameraFlags,
      central,
      hall,
      dock,
      appointmentCode(businessCode) {
        const [issuer] = issuers;
        const fromMs = Date.now() - hourMs;
        const toMs = fromMs + 3 * hourMs;
        const subject = { b: businessCode, f: Math.floor(fromMs / 1000), t: Math.floor(toMs / 1000), m: '张*' };
        return issuer.issue({ purpose: 'appointment', where: `h:${hallCode}`, fromMs, toMs, subject });
      },
      pickUpCode() {
        const [, issuer] = issuers;
        const last = lastDeposit(join(directory, 'central', 'central.db'));
        if (!last) return undefined;
        const subject = { c: Number(last.cell), d: bytesOfUuid(last.depositId) };
        const nowMs = Date.now();
        const time = { fromMs: nowMs - hourMs, toMs: nowMs + 24 * hourMs };
        return issuer.issue({ purpose: 'pickUp', where: `k:${kioskId}`, ...time, subject });
      },
      deposit,
      result,
      told: (kind) => toldOf(join(directory, 'central', 'central.db'), kind),
      async stop() {
        for (const stop of stops.toReversed()) await stop();
        await rm(directory, { recursive: true, force: true });
      },
    };
  } catch (error) {
    for (const stop of stops.toReversed()) await stop();
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
};
