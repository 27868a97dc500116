// From the configuration to what the sender takes. The host and the operators' commands ask the centre in the same way.

import { readFileSync } from 'node:fs';
import type { KioskConfig } from '../../kiosk-config/schema.ts';
import type { CentralSettings } from './sender.ts';

/** Reads the kiosk's key from its file; throws when that is not there. */
export const centralSettings = ({ central, kiosk }: Pick<KioskConfig, 'central' | 'kiosk'>): CentralSettings => {
  const { url, requestTimeoutMs, retry, uploadKbps, uploadFreeHours, tls } = central;
  const kioskKey =
    central.kioskKeyFile === undefined ? (central.kioskKey ?? '') : readFileSync(central.kioskKeyFile, 'utf8').trim();
  return {
    url,
    kioskKey,
    requestTimeoutMs,
    ...retry,
    timeZone: kiosk.timeZone,
    ...(uploadKbps === undefined ? {} : { uploadKbps }),
    ...(uploadFreeHours ? { uploadFreeHours } : {}),
    ...(tls ? { tls } : {}),
  };
};
