// `devices udev`: the udev rules of this build, for installing; with a configuration also those of devices that only it names.

import type { DeviceKind } from '../../devices/kit/status.ts';
import type { LinkConfig } from '../../devices/kit/transport.ts';
import { listPorts, resolvePath } from '../../devices/kit/finding/list-ports.ts';
import { portTitle, usesOf, type FoundPort } from '../../devices/kit/finding/ports.ts';
import { udevRules, type OwnIdentity } from '../../devices/kit/finding/udev-rules.ts';
import { registry } from '../../devices/registry.ts';
import { stringOf, type Command } from './command.ts';
import { configFor } from './live-devices.ts';

type Configured = { id: string; kind: DeviceKind; link?: LinkConfig | undefined };

const subsystems = { serial: 'tty', lp: 'usbmisc', hid: 'hidraw' } as const;

/** USB numbers that the configuration says (HID), or that its ports say while they are plugged in. */
export const ownIdentities = (
  devices: readonly Configured[],
  ports: readonly FoundPort[],
  resolve: (path: string) => string | undefined,
): OwnIdentity[] => {
  const uses = usesOf(ports, devices, resolve);
  return devices.flatMap(({ id, kind, link }): OwnIdentity[] => {
    if (!link || link.type === 'tcp') return [];
    const subsystem = subsystems[link.type];
    if (link.type === 'hid')
      return [{ vendorId: link.vendorId, productId: link.productId, subsystem, kind, model: id }];
    const use = uses.find((one) => one.state === 'assigned' && one.device === id);
    if (use?.state !== 'assigned') return [];
    const builtIn = /^\/dev\/(tty[A-Z]+\d+)$/.exec(use.port.node)?.[1];
    if (!use.port.usb && builtIn !== undefined) return [{ subsystem: 'tty', node: builtIn, kind, model: id }];
    if (!use.port.usb) return [];
    const { vendorId, productId } = use.port.usb;
    return [{ vendorId, productId, subsystem, kind, model: portTitle(use.port) ?? id }];
  });
};

/** Those that the drivers do not name already. */
const unknownOnes = (identities: readonly OwnIdentity[]): OwnIdentity[] => {
  const text = udevRules(registry);
  return identities.filter(
    (identity) => udevRules(registry, [identity]).split('\n').length > text.split('\n').length + 1,
  );
};

export const devicesUdev: Command = {
  usage: 'devices udev',
  summary: { zh: '输出 udev 规则（权限、固定名称）', en: 'print the udev rules (rights, lasting names)' },
  options: {
    config: {
      type: 'string',
      value: 'FILE',
      help: {
        zh: '本机的配置文件：加上其中的设备（串口和打印机要插着）',
        en: 'this kiosk’s configuration: adds its devices (serial ones and printers while plugged in)',
      },
    },
  },
  async run({ values, isJson }, io) {
    const file = stringOf(values['config']);
    const config = file === undefined ? undefined : configFor(file, io);
    if (file !== undefined && !config) return 1;
    const own = config ? unknownOnes(ownIdentities(config.devices, await listPorts(), resolvePath)) : [];
    const rules = udevRules(registry, own);
    io.out(isJson ? JSON.stringify({ rules }) : rules.trimEnd());
    return 0;
  },
};
