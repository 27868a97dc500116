// The configured link → the transport under a driver.

import { fail } from '../../devices/kit/result.ts';
import type { LinkConfig, Transport } from '../../devices/kit/transport.ts';
import { createHidTransport } from '../../devices/kit/transports/hid.ts';
import { createLpTransport } from '../../devices/kit/transports/lp.ts';
import { createSerialTransport } from '../../devices/kit/transports/serial.ts';
import { createTcpTransport } from '../../devices/kit/transports/tcp.ts';

/** For drivers that find their device themselves (SANE). */
export const noTransport: Transport = {
  name: 'own',
  open: () => Promise.resolve(fail('openFailed', 'engineer', 'this driver uses no port')),
};

export const transportOf = (link: LinkConfig | undefined, defaultBaudRate: number): Transport => {
  switch (link?.type) {
    case undefined:
      return noTransport;
    case 'serial':
      return createSerialTransport(link, defaultBaudRate);
    case 'tcp':
      return createTcpTransport(link);
    case 'hid':
      return createHidTransport(link);
    case 'lp':
      return createLpTransport(link);
    default:
      return link satisfies never;
  }
};
