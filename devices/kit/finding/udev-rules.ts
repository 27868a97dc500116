// udev rules made from what the drivers say of their devices' USB numbers: who may open the node, a name that stays, and who must
// keep away (ModemManager talks to new ttys, libinput types what a scanner reads).
//
//   registry, adapters, configuration ─▶ one line a model: HALL_KIND ─▶ common part: group, mode, link under /dev/hall

import type { DriverDefinition, UsbIdentity } from '../device.ts';
import { adapters } from './adapters.ts';
import { hex4 } from './ports.ts';

export const deviceGroup = 'hall-kiosk';
export const rulesName = '60-hall-kiosk.rules';

/** What a hall has beside the table: a scanner that only its configuration names, or a built-in port by the name of its node. */
export type OwnIdentity = Place & { kind: string; model: string };

type Place = Pick<UsbIdentity, 'vendorId' | 'productId' | 'subsystem'> | { subsystem: 'tty'; node: string };

type Line = { match: string; shared: string; kinds: string[]; notes: string[] };

const confidenceWords: Record<UsbIdentity['confidence'], string> = {
  verified: 'several sources',
  singleSource: 'one source',
  fromMemory: 'not confirmed',
};

/** Where two kinds share their numbers the link names only the sort of port. */
const sharedNames: Record<UsbIdentity['subsystem'], string> = { tty: 'serial', hidraw: 'hid', usbmisc: 'printer' };

/** A HID device is matched by the name of its bus node, which real and virtual ones share: 0003:VENDOR:PRODUCT.NUMBER. */
const hidMatch = (vendorId: number, productId: number): string =>
  `KERNELS=="0003:${hex4(vendorId).toUpperCase()}:${hex4(productId).toUpperCase()}.*"`;

const matchOf = (identity: Place): string => {
  if ('node' in identity) return `SUBSYSTEM=="tty", KERNEL=="${identity.node}"`;
  const { subsystem, vendorId, productId } = identity;
  return subsystem === 'hidraw'
    ? `SUBSYSTEM=="hidraw|input", ${hidMatch(vendorId, productId)}`
    : `SUBSYSTEM=="${subsystem}", ATTRS{idVendor}=="${hex4(vendorId)}", ATTRS{idProduct}=="${hex4(productId)}"`;
};

const linesOf = (drivers: readonly DriverDefinition[], own: readonly OwnIdentity[]): Line[] => {
  const lines = new Map<string, Line>();
  const add = (identity: Place, kind: string, note: string): void => {
    const match = matchOf(identity);
    const line = lines.get(match) ?? { match, shared: sharedNames[identity.subsystem], kinds: [], notes: [] };
    if (!line.kinds.includes(kind)) line.kinds.push(kind);
    if (!line.notes.includes(note)) line.notes.push(note);
    lines.set(match, line);
  };
  for (const { vendorId, productId, model } of adapters)
    add({ subsystem: 'tty', vendorId, productId }, sharedNames.tty, model);
  for (const { driver, kind, usb = [] } of drivers)
    for (const { model, confidence, ...place } of usb)
      add(place, kind, `${model} (${driver}; ${confidenceWords[confidence]})`);
  for (const { kind, model, ...place } of own) add(place, kind, `${model} (this hall’s configuration)`);
  return [...lines.values()].sort((one, other) => (one.match < other.match ? -1 : 1));
};

const ruleOf = ({ match, shared, kinds, notes }: Line): string[] => [
  ...notes.map((note) => `# ${note.replaceAll(/[^\x20-\x7e\u00a0-\uffff]/g, ' ')}`),
  `${match}, ENV{HALL_KIND}="${kinds.length === 1 ? kinds[0] : shared}"`,
];

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
