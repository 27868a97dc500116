// A reader with its SAM module behind USB HID, written from a published HID driver (the README says which): the module's frame
// stands at byte 0 of one report, zeros behind it; a long reply takes as many reports as it needs, and the frame runs on in them.
//
//   report ─▶ [ number off ] ─▶ [ frame of LEN + 7 ] ─▶ module ─▶ reply ─▶ [ cut into reports, zeros ] ─▶ reports

import type { Simulator, SimulatorFactory } from '../kit/simulator.ts';
import { createSamSimulator } from './simulator.ts';

/** A model that numbers its reports gives them this number, both ways. */
const ownReportNumber = 1;

/** Settings: those of the module, and `numbered`: this model numbers its reports; `reportBytes` (64). */
export const createSamHidSimulator: SimulatorFactory = (wire, options): Simulator => {
  const isNumbered = options.settings?.['numbered'] === true;
  const wantedBytes = options.settings?.['reportBytes'];
  const reportBytes = typeof wantedBytes === 'number' ? wantedBytes : 64;
  let losesReport = false;
  let refused = 0;

  const send = (reply: Uint8Array): void => {
    const count = Math.ceil(reply.length / reportBytes);
    for (let index = 0; index < count; index += 1) {
      if (losesReport && index === 1) {
        losesReport = false;
        continue;
      }
      const report = [...reply.subarray(index * reportBytes, (index + 1) * reportBytes)];
      while (report.length < reportBytes) report.push(0);
      wire.send(Uint8Array.from(isNumbered ? [ownReportNumber, ...report] : report));
    }
  };
  const module = createSamSimulator({ send }, options);

  return {
    receive(report) {
      const [number, ...bytes] = report;
      const isWhole = bytes.length === reportBytes && number === (isNumbered ? ownReportNumber : 0);
      const [a, b, c, d, e, high = 0, low = 0] = bytes;
      const isFrame = a === 0xaa && b === 0xaa && c === 0xaa && d === 0x96 && e === 0x69;
      if (!isWhole || !isFrame) {
        // Nothing is known of what a real one does with such a report; the published driver never sends any.
        refused += 1;
        return;
      }
      module.receive(Uint8Array.from(bytes.slice(0, 7 + ((high << 8) | low))));
    },
    knobs: {
      ...module.knobs,
      loseReport: {
        title: { zh: '下一个长应答丢一个报告', en: 'The next long reply loses a report' },
        turn() {
          losesReport = true;
        },
      },
    },
    look: () => ({ ...module.look(), refusedReports: refused }),
    stop: () => module.stop(),
  };
};
