// What a HID POS reader can be told, as reports.
//
//   FD  length  command  zeros     a serial command in a report (Honeywell; Hand Held Products 3800i application note, page 1-12)
//   04  bits                       trigger report of the standard: bit 2 read, bit 1 do not (the same note; Access-IS LSR118, B.3)

import type { HidReports } from '../../kit/hid-descriptor.ts';
import { makerProtocol } from '../maker-commands.ts';
import type { CommandBytes, QrProtocol } from '../protocol.ts';
import type { HidPosQrConfig } from './config.ts';
import { barcodePage, usages } from './scan-layout.ts';

const menuReport = 0xfd;
const menuReportBytes = 64;
const triggerReport = 4;

const inReport = (command: Uint8Array, length: number): Uint8Array => {
  const report = new Uint8Array(Math.max(length, 2 + command.length));
  report.set([menuReport, command.length, ...command]);
  return report;
};

/** The report that sets one bit of the standard's trigger report. */
const triggerBit = (reports: HidReports | undefined, usage: number, usualBit: number): Uint8Array => {
  const field = reports?.fields.find(
    (candidate) => candidate.kind === 'output' && candidate.usagePage === barcodePage && candidate.usage === usage,
  );
  if (!field) return Uint8Array.of(triggerReport, 1 << usualBit);
  const report = new Uint8Array(reports?.byteLength('output', field.reportId) ?? 2);
  report[0] = field.reportId;
  const at = Math.floor(field.bitOffset / 8);
  report[at] = (report[at] ?? 0) | (1 << (field.bitOffset % 8));
  // hidraw wants a number in front even where the device has none.
  return field.reportId === 0 ? Uint8Array.of(0, ...report) : report;
};

/** `reports`: what the device's descriptor says; undefined where it is not known. */
export const hidPosProtocol = (
  { hello, trigger }: Pick<HidPosQrConfig, 'hello' | 'trigger'>,
  reports: HidReports | undefined,
): QrProtocol => {
  const length = reports?.byteLength('output', menuReport) || menuReportBytes;
  const byMenu = makerProtocol({ hello, trigger: trigger === 'honeywell' ? 'honeywell' : 'none' });
  const wrapped = Object.fromEntries(
    Object.entries(byMenu.commands).map(([name, command]) => [name, inReport(command, length)]),
  ) as CommandBytes;
  const byReport: CommandBytes =
    trigger === 'report'
      ? {
          triggerOn: triggerBit(reports, usages.initiateRead, 2),
          triggerOff: triggerBit(reports, usages.preventRead, 1),
        }
      : {};
  return { ...byMenu, commands: { ...wrapped, ...byReport } };
};
