// Reports of a HID pad → keys, by the rules of the configured protocol. Every chunk is one report, so nothing is kept between two.
//
//   report ─┬─ reports: templates at its beginning ──▶ key, alive, nothing
//           └─ keypad:  usages in its key array ─────▶ held (all keys that are down; which of them is new, the machine knows)

import type { Decoded, Decoder } from '../kit/machine.ts';
import type { RatingLevel } from './api.ts';
import type { PadFrame } from './codec.ts';
import type { HidPadProtocol, KeypadProtocol, ReportsProtocol } from './config-hid.ts';
import { match, templateOf } from './pattern.ts';

/** More than any report of a keyboard: what a full-speed device can send at once, with its number. */
const reportLimit = 1025;
/** Keyboard usages 01…03 say that the keyboard cannot tell what is down (HID Usage Tables, 10). */
const errorUsages = new Set([0x01, 0x02, 0x03]);

type Report = (report: Uint8Array) => PadFrame | 'nothing' | 'unknown';

const readReports = (protocol: ReportsProtocol): Report => {
  const rules = protocol.match.map((rule) => ({ template: templateOf(rule.report), level: rule.level }));
  const silent = protocol.ignore.map((report) => templateOf(report));
  const expected = protocol.heartbeat ? templateOf(protocol.heartbeat.expect) : undefined;
  return (report) => {
    const rule = rules.find(({ template }) => match(template, report) === 'full');
    if (rule) return { type: 'key', level: rule.level };
    if (expected && match(expected, report) === 'full') return { type: 'alive' };
    return silent.some((template) => match(template, report) === 'full') ? 'nothing' : 'unknown';
  };
};

const readKeypad = (protocol: KeypadProtocol): Report => {
  const levels = new Map(protocol.keys.map(({ usage, level }) => [Number.parseInt(usage, 16), level]));
  const silent = new Set(protocol.ignore.map((usage) => Number.parseInt(usage, 16)));
  const { offset, bytesPerKey, count } = protocol.array;
  return (report) => {
    if (protocol.reportNumber !== undefined && report[0] !== protocol.reportNumber) return 'nothing';
    const body = protocol.reportNumber === undefined ? report : report.subarray(1);
    if (body.length < offset + bytesPerKey) return 'unknown';
    const down = new Set<RatingLevel>();
    let isUnknown = false;
    for (let index = 0; index < count; index += 1) {
      const at = offset + index * bytesPerKey;
      if (at + bytesPerKey > body.length) break;
      const usage = (body[at] ?? 0) | (bytesPerKey === 2 ? (body[at + 1] ?? 0) << 8 : 0);
      if (usage === 0 || silent.has(usage)) continue;
      if (bytesPerKey === 1 && errorUsages.has(usage) && !levels.has(usage)) return 'nothing';
      const level = levels.get(usage);
      if (level === undefined) isUnknown = true;
      else down.add(level);
    }
    return { type: 'held', levels: [...down].sort((one, other) => one - other), isUnknown };
  };
};

export const createHidPadDecoder = (protocol: HidPadProtocol): Decoder<PadFrame> => {
  const read = protocol.type === 'reports' ? readReports(protocol) : readKeypad(protocol);
  return {
    push(report): Decoded<PadFrame>[] {
      if (report.length > reportLimit)
        return [{ type: 'discarded', bytes: report, reason: 'longer than a report can be' }];
      const meaning = read(report);
      if (meaning === 'nothing') return [];
      if (meaning === 'unknown') return [{ type: 'discarded', bytes: report, reason: 'no key sends this' }];
      return [{ type: 'frame', frame: meaning, bytes: report }];
    },
  };
};
