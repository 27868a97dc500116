// What the journeys may look at, gathered from configuration, devices, network and store at the moment of asking.

import type { KioskConfig } from '../../kiosk-config/schema.ts';
import { validateForm } from '../../kiosk-config/catalogue/validate-form.ts';
import { previewTicket } from '../../devices/ticket-printer/layout.ts';
import type { FaultTable } from '../../devices/kit/status.ts';
import { commonFaults } from '../../devices/kit/status.ts';
import type { Clock } from '../../devices/kit/clock.ts';
import type { Catalogue } from '../contract/catalogue.ts';
import type { FaultView, DevicePlace } from '../contract/devices.ts';
import type { QueueState } from '../contract/intake.ts';
import type { Text } from '../contract/text.ts';
import type { TokenPurpose } from '../contract/tokens.ts';
import type { CameraWanted } from '../contract/view.ts';
import type { Business, DeviceView, World } from '../journeys/events.ts';
import type { DeviceKindName, Trouble } from '../journeys/state.ts';
import { deviceKindNames, journeyTroubles } from '../journeys/words.ts';
import { canonicalJson, sha256Hex } from '../store/canonical.ts';
import { dayKeyAt } from '../store/day.ts';
import { deviceForVisit, isAvailable, type HallDevices } from './hall-devices.ts';
import { isNight, isOpen } from './opening-hours.ts';

const nowhere: DevicePlace = { edge: 'right', at: 0.5, label: { zh: '屏幕旁边', en: 'beside the screen' } };
const mmPerInch = 25.4;

/** `detail` fills `{{detail}}` where the words have a place for it. */
export const faultView = (code: string, table: FaultTable, detail = ''): FaultView => {
  const words = table[code] ?? journeyTroubles[code] ?? commonFaults[code];
  const fill = (text: string): string => text.replaceAll('{{detail}}', detail);
  if (!words)
    return {
      code,
      who: 'engineer',
      what: { zh: '出现了没有预料到的情况', en: 'Something unexpected happened' },
      todo: { zh: '请联系工作人员，并告知代码', en: 'Please call staff and tell them the code' },
    };
  return {
    code,
    who: words.who,
    what: { zh: fill(words.zh.what), en: fill(words.en.what) },
    todo: { zh: fill(words.zh.todo), en: fill(words.en.todo) },
  };
};

export const pxPerMm = (panel: KioskConfig['panel']): number =>
  Math.hypot(panel.widthPx, panel.heightPx) / (panel.diagonalInch * mmPerInch);

export type WorldSources = {
  config: KioskConfig;
  catalogue: Catalogue;
  /** The notice of the first screen; absent: the configuration's. */
  announcement?(): Text | undefined;
  devices: HallDevices;
  clock: Clock;
  isOnline(): boolean;
  waitingToSend(): number;
  queueState(): QueueState | undefined;
  /** Free space where the store lives. */
  freeBytes(): number;
  tokenPurposes(): ReadonlySet<TokenPurpose>;
  /** A list of the centre's pick-up codes counts now. */
  hasPickUpCodes?(): boolean;
};

export const gatherWorld = (sources: WorldSources): World => {
  const { config, catalogue, devices, clock } = sources;
  const now = clock.now();
  const kinds = Object.keys(deviceKindNames) as DeviceKindName[];
  const deviceViews = Object.fromEntries(kinds.map((kind) => [kind, deviceView(kind, devices)])) as Record<
    DeviceKindName,
    DeviceView
  >;
  const queue = sources.queueState();
  const announcement = sources.announcement ? sources.announcement() : config.services.announcement;
  const purposes = sources.tokenPurposes();
  return {
    catalogue,
    hiddenItems: config.services.hide,
    hall: config.kiosk.hall,
    place: config.kiosk.place,
    askAt: config.kiosk.askAt,
    ...(announcement ? { announcement } : {}),
    isOnline: sources.isOnline(),
    waitingToSend: sources.waitingToSend(),
    roomBytes: sources.freeBytes() - config.store.minFreeMb * 1024 * 1024,
    devices: deviceViews,
    cameraPlace: config.camera?.place ?? nowhere,
    ...(config.camera ? { cameraWanted: cameraWanted(config.camera) } : {}),
    panel: {
      pxPerMm: pxPerMm(config.panel),
      orientation: config.panel.heightPx >= config.panel.widthPx ? 'portrait' : 'landscape',
    },
    ...(config.training ? { dockUrl: config.training.dockUrl } : {}),
    session: {
      idleWarningMs: config.session.idleWarningSec * 1000,
      idleWipeMs: config.session.idleWipeSec * 1000,
      goodbyeMs: config.session.goodbyeSec * 1000,
      ratingMs: config.rating.timeoutSec * 1000,
    },
    queue: {
      ...(queue ? { asOfMs: Date.parse(queue.asOf) } : {}),
      businesses: config.queue.businesses.map((business) => businessView(business, queue, now, config.kiosk.timeZone)),
    },
    tokens: {
      appointment: deviceViews['qr-reader'].configured && purposes.has('appointment'),
      // Codes of the centre's list are typed as well: they need no reader.
      pickUp: (deviceViews['qr-reader'].configured && purposes.has('pickUp')) || sources.hasPickUpCodes?.() === true,
      deposit: deviceViews['qr-reader'].configured && purposes.has('deposit'),
    },
    cellName: (cell) => config.locker.cells.find((known) => known.cell === cell)?.label ?? String(cell),
    paperColumns: config.printing.paperWidthMm === 58 ? 32 : 48,
    faultText: (trouble) => faultOf(trouble, devices),
    validate: (item, values) => validateForm(item, values, { today: dayKeyAt(now, config.kiosk.timeZone) }),
    digest: (value) => sha256Hex(canonicalJson(value)),
    isNight: isNight(now, config.kiosk.timeZone),
    preview: (document) => previewTicket(document, config.printing.paperWidthMm === 58 ? 32 : 48),
  };
};

/** What the page needs of the camera's section. */
const cameraWanted = ({ place: _place, ...camera }: NonNullable<KioskConfig['camera']>): CameraWanted => {
  const given = Object.entries(camera).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as CameraWanted;
};

const faultOf = (trouble: Trouble, devices: HallDevices): FaultView => {
  const table = trouble.kind && deviceForVisit(devices, trouble.kind)?.device.faultTexts;
  return faultView(trouble.code, table ?? {}, trouble.detail);
};

const deviceView = (kind: DeviceKindName, devices: HallDevices): DeviceView => {
  const entry = deviceForVisit(devices, kind);
  if (!entry) return { configured: false, available: false, fault: faultView('deviceNotReady', {}), place: nowhere };
  const status = entry.device.status();
  const [fault] = status.faults;
  return {
    configured: true,
    available: isAvailable(status),
    ...(fault ? { fault: faultView(fault.code, entry.device.faultTexts) } : {}),
    place: entry.config.place,
  };
};

const businessView = (
  business: KioskConfig['queue']['businesses'][number],
  queue: QueueState | undefined,
  now: number,
  timeZone: string,
): Business => {
  const known = queue?.businesses.find(({ code }) => code === business.code);
  const open = isOpen(business, now, timeZone);
  const counters = known?.openCounters ?? business.counters;
  const serviceSec = known?.averageServiceSec ?? business.averageServiceSec;
  const ahead = known?.waiting ?? 0;
  return {
    code: business.code,
    name: business.name,
    prefix: business.prefix,
    open,
    ...(open ? {} : { why: { zh: '现在不在取号时间', en: 'No numbers are given at this hour' } }),
    ahead,
    ...(counters > 0 ? { waitMinutes: Math.ceil((ahead * serviceSec) / counters / 60) } : {}),
  };
};
