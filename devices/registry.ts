// Every driver, one line each. Configuration names a driver by its `driver` id; the composition root starts it.

import { samHidDriver, samSerialDriver } from './id-card-reader/driver.ts';
import { lineQrDriver } from './qr-reader/driver.ts';
import { hidPosQrDriver, symbolHidQrDriver } from './qr-reader/hid/driver.ts';
import { honeywellQrDriver, newlandQrDriver } from './qr-reader/maker-drivers.ts';
import { ssiQrDriver } from './qr-reader/ssi/driver.ts';
import { escposDriver } from './ticket-printer/driver.ts';
import { declarativePadDriver } from './rating-pad/driver.ts';
import { declarativeHidPadDriver } from './rating-pad/driver-hid.ts';
import { board8a80Driver } from './locker/board-8a80/driver.ts';
import { kerongCu16Driver } from './locker/kerong-cu16/driver.ts';
import { kerongCu48Driver } from './locker/kerong-cu48/driver.ts';
import { modbusRelayDriver } from './locker/modbus-relay/driver.ts';
import { winnsenDriver } from './locker/winnsen/driver.ts';
import { cameraControlHidDriver, cameraControlSerialDriver } from './document-scanner/camera-control/driver.ts';
import { esclDriver } from './document-scanner/escl/driver.ts';
import { mrzSwiperDriver } from './document-scanner/mrz/driver.ts';
import { saneDriver } from './document-scanner/sane/driver.ts';
import type { DriverDefinition } from './kit/device.ts';

const drivers = [
  samSerialDriver,
  samHidDriver,
  lineQrDriver,
  honeywellQrDriver,
  newlandQrDriver,
  ssiQrDriver,
  hidPosQrDriver,
  symbolHidQrDriver,
  escposDriver,
  declarativePadDriver,
  declarativeHidPadDriver,
  board8a80Driver,
  kerongCu16Driver,
  kerongCu48Driver,
  modbusRelayDriver,
  winnsenDriver,
  saneDriver,
  esclDriver,
  mrzSwiperDriver,
  cameraControlSerialDriver,
  cameraControlHidDriver,
] as const;

/** The driver with its own configuration type forgotten: the configuration file was checked against `configSchema` before. */
export const registry: readonly DriverDefinition[] = drivers as unknown as readonly DriverDefinition[];
