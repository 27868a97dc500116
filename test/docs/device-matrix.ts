// docs/devices.md: what this build can drive, from the registry, and what each driver is rehearsed with. Nothing in it is written by
// hand, so that it cannot promise more than the code says.

import type { DriverDefinition, UsbIdentity } from '../../devices/kit/device.ts';
import type { LinkType } from '../../devices/kit/transport.ts';

const linkWords: Record<LinkType, string> = { serial: 'serial', tcp: 'TCP', hid: 'HID', lp: 'usblp' };
const confidenceWords: Record<UsbIdentity['confidence'], string> = {
  verified: 'several sources',
  singleSource: 'one source',
  fromMemory: 'not confirmed',
};

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

/** Columns that a text takes: Chinese letters and full-width signs take two. */
const widthOf = (text: string): number =>
  Array.from(text).reduce((sum, letter) => sum + (wide.test(letter) ? 2 : 1), 0);
const padded = (text: string, width: number): string => text + ' '.repeat(width - widthOf(text));

/** A Markdown table with straight columns, as the formatter wants it. */
const tableOf = (rows: readonly (readonly string[])[]): string => {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => widthOf(row[column] ?? ''))));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => padded(cell, widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.slice(1).map(line)].join('\n');
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const hex4 = (value: number): string => value.toString(16).padStart(4, '0');

const driverRow = (definition: DriverDefinition, variants: readonly string[]): string[] => [
  definition.kind,
  `\`${definition.driver}\``,
  cell(definition.title.zh),
  cell(definition.title.en),
  definition.links.length === 0 ? '–' : definition.links.map((link) => linkWords[link]).join(', '),
  definition.probe ? 'yes' : 'no',
  variants.length === 0 ? 'no' : String(variants.length),
  definition.triedOn.length === 0 ? 'simulator only' : cell(definition.triedOn.join(', ')),
];

const surest = ['fromMemory', 'singleSource', 'verified'] as const satisfies readonly UsbIdentity['confidence'][];

/** One line for each pair of numbers, with every driver that may stand on it and the best word for how sure they are. */
const usbRows = (drivers: readonly DriverDefinition[]): string[][] => {
  const rows = new Map<string, { identity: UsbIdentity; drivers: string[] }>();
  for (const { driver, usb = [] } of drivers)
    for (const identity of usb) {
      const key = `${hex4(identity.vendorId)}:${hex4(identity.productId)} ${identity.subsystem}`;
      const row = rows.get(key) ?? { identity, drivers: [] };
      if (surest.indexOf(identity.confidence) > surest.indexOf(row.identity.confidence)) row.identity = identity;
      if (!row.drivers.includes(driver)) row.drivers.push(driver);
      rows.set(key, row);
    }
  return [...rows.values()].map(({ identity, drivers: names }) => [
    `\`${hex4(identity.vendorId)}:${hex4(identity.productId)}\``,
    identity.subsystem,
    cell(identity.model),
    names.map((name) => `\`${name}\``).join(', '),
    confidenceWords[identity.confidence],
  ]);
};

/** `rehearsed`: names of the rehearsals of each driver. */
export const deviceMatrix = (
  drivers: readonly DriverDefinition[],
  rehearsed: ReadonlyMap<string, readonly string[]>,
): string => {
  const sorted = drivers.toSorted((a, b) => a.kind.localeCompare(b.kind) || a.driver.localeCompare(b.driver));
  const rows = sorted.map((driver) => driverRow(driver, rehearsed.get(driver.driver) ?? []));
  const usb = usbRows(sorted);
  return `# Devices

> 摘要：本版本能驱动的设备，由驱动登记表生成，不手写。“能询问”指识别端口时可以安全地问它是谁；“演练”是故障矩阵和模糊测试用的模拟场景数。没有一台真设备接过。

Generated from the drivers' registry by \`node test/docs/write.ts\`; a test compares it. Nothing here was tried on hardware unless the last
column says so. \`npm run kiosk -- devices --json\` prints the same as data.

- **Links**: serial (a tty or a USB adapter), TCP (a serial server, or port 9100), HID, usblp (\`/dev/usb/lp*\`); – where the driver finds its device itself.
- **Asked**: whether \`npm run kiosk -- devices find --identify\` and the technician's console can ask a port for it: status questions only.
- **Rehearsals**: simulated setups in which the fault matrix, the fuzzer and the hot-plug campaigns exercise it.

${tableOf([['Kind', 'Driver', '名称', 'Name', 'Links', 'Asked', 'Rehearsals', 'Tried on'], ...rows])}

## USB numbers

Models that the udev rules ([\`udev/60-hall-kiosk.rules\`](udev/60-hall-kiosk.rules)) know by name, and how sure the numbers are. Adapters
(FTDI, Prolific, Silicon Labs, QinHeng) have rules too; their numbers name the chip and not the device behind it.

${usb.length === 0 ? 'None yet.' : tableOf([['USB', 'Subsystem', 'Model', 'Drivers', 'Confidence'], ...usb])}
`;
};
