// udev rules made from what the drivers say of their devices' USB numbers: who may open the node, a name that stays, and who must
// keep away (ModemManager talks to new ttys, libinput types what a scanner reads).
//
//   registry, adapters, configuration ─▶ one line a model: HALL_KIND ─▶ common part: group, mode, link under /dev/hall

import type { DriverDefinition, UsbIdentity } from '../device.ts';
import { adapters } from './adapters.ts';
import { hex4 } from './ports.ts';

export const deviceGroup = 'hall-kiosk';
export const rulesName = '60-hall-kiosk.rules';

/** What a hall has beside the table, e.g. a scanner that only its configuration names. */
export type OwnIdentity = Pick<UsbIdentity, 'vendorId' | 'productId' | 'subsystem'> & { kind: string; model: string };

type Line = {
  subsystem: UsbIdentity['subsystem'];
  vendorId: number;
  productId: number;
  kinds: string[];
  notes: string[];
};

const confidenceWords: Record<UsbIdentity['confidence'], string> = {
  verified: 'several sources',
  singleSource: 'one source',
  fromMemory: 'not confirmed',
};

/** Where two kinds share their numbers the link names only the sort of port. */
const sharedNames: Record<UsbIdentity['subsystem'], string> = { tty: 'serial', hidraw: 'hid', usbmisc: 'printer' };

const linesOf = (drivers: readonly DriverDefinition[], own: readonly OwnIdentity[]): Line[] => {
  const lines = new Map<string, Line>();
  const add = (identity: Omit<OwnIdentity, 'model'>, note: string): void => {
    const { subsystem, vendorId, productId, kind } = identity;
    const key = `${subsystem} ${hex4(vendorId)}:${hex4(productId)}`;
    const line = lines.get(key) ?? { subsystem, vendorId, productId, kinds: [], notes: [] };
    if (!line.kinds.includes(kind)) line.kinds.push(kind);
    if (!line.notes.includes(note)) line.notes.push(note);
    lines.set(key, line);
  };
  for (const { vendorId, productId, model } of adapters)
    add({ subsystem: 'tty', vendorId, productId, kind: sharedNames.tty }, model);
  for (const { driver, kind, usb = [] } of drivers)
    for (const identity of usb)
      add({ ...identity, kind }, `${identity.model} (${driver}; ${confidenceWords[identity.confidence]})`);
  for (const identity of own) add(identity, `${identity.model} (this hall’s configuration)`);
  return [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
};

/** A HID device is matched by the name of its bus node, which real and virtual ones share: 0003:VENDOR:PRODUCT.NUMBER. */
const hidMatch = (vendorId: number, productId: number): string =>
  `KERNELS=="0003:${hex4(vendorId).toUpperCase()}:${hex4(productId).toUpperCase()}.*"`;

const ruleOf = ({ subsystem, vendorId, productId, kinds, notes }: Line): string[] => {
  const kind = kinds.length === 1 ? kinds[0] : sharedNames[subsystem];
  const match =
    subsystem === 'hidraw'
      ? `SUBSYSTEM=="hidraw|input", ${hidMatch(vendorId, productId)}`
      : `SUBSYSTEM=="${subsystem}", ATTRS{idVendor}=="${hex4(vendorId)}", ATTRS{idProduct}=="${hex4(productId)}"`;
  return [
    ...notes.map((note) => `# ${note.replaceAll(/[^\x20-\x7e\u00a0-\uffff]/g, ' ')}`),
    `${match}, ENV{HALL_KIND}="${kind}"`,
  ];
};

const head = `# Rights and lasting names for the devices of a self-service hall. Generated from the drivers: npm run kiosk -- devices udev
#
# Install: groupadd --system ${deviceGroup}; usermod -aG ${deviceGroup} ACCOUNT-OF-THE-KIOSK
#          cp ${rulesName} /etc/udev/rules.d/; udevadm control --reload; udevadm trigger
# Only the group may open the devices, and only those of this list. On systems with brltty remove it: it takes CH340 adapters.

ACTION=="remove", GOTO="hall_kiosk_end"
SUBSYSTEM!="tty|hidraw|input|usbmisc", GOTO="hall_kiosk_end"
`;

const tail = `
ENV{HALL_KIND}=="", GOTO="hall_kiosk_end"

# A scanner or pad that also shows itself as a keyboard must not type into the kiosk: the drivers read it through hidraw.
SUBSYSTEM=="input", ENV{LIBINPUT_IGNORE_DEVICE}="1", GOTO="hall_kiosk_end"

GROUP="${deviceGroup}", MODE="0660"
# ModemManager would send AT commands to a lock board.
SUBSYSTEM=="tty", ENV{ID_MM_DEVICE_IGNORE}="1", ENV{ID_MM_PORT_IGNORE}="1"

# /dev/hall/KIND-SERIAL, or KIND-SOCKET for devices without a serial number; further interfaces of one device get -ifNN.
IMPORT{builtin}="usb_id", IMPORT{builtin}="path_id"
SUBSYSTEM=="hidraw", ENV{ID_SERIAL_SHORT}=="", IMPORT{parent}="HID_UNIQ"
ENV{ID_SERIAL_SHORT}=="", ENV{HID_UNIQ}=="?*", ENV{HID_UNIQ}!="*[!A-Za-z0-9._-]*", ENV{ID_SERIAL_SHORT}="$env{HID_UNIQ}"
ENV{HALL_NAME}="$env{ID_SERIAL_SHORT}"
ENV{HALL_NAME}=="", ENV{HALL_NAME}="$env{ID_PATH}"
ENV{HALL_NAME}=="", GOTO="hall_kiosk_end"
ENV{ID_USB_INTERFACE_NUM}=="|00", SYMLINK+="hall/$env{HALL_KIND}-$env{HALL_NAME}"
ENV{ID_USB_INTERFACE_NUM}!="|00", SYMLINK+="hall/$env{HALL_KIND}-$env{HALL_NAME}-if$env{ID_USB_INTERFACE_NUM}"

LABEL="hall_kiosk_end"
`;

/** The whole rules file. */
export const udevRules = (drivers: readonly DriverDefinition[], own: readonly OwnIdentity[] = []): string =>
  `${head}\n${linesOf(drivers, own).flatMap(ruleOf).join('\n')}\n${tail}`;
