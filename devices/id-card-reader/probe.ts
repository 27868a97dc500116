// Is there a SAM module behind this port? Asked with the self test and the SAM id: questions about the module alone.

import type { Probe } from '../kit/device.ts';
import { toReports } from '../kit/report-stream.ts';
import type { DeviceIdentity } from '../kit/status.ts';
import { samCapabilities } from './api.ts';
import { createSamDecoder, encodeRequest, formatSamId, sw3 } from './codec.ts';
import { probeOrder, reportPace, serialPace } from './exchange.ts';

const questions = [encodeRequest('selfTest'), encodeRequest('readSamId')];

/** The SAM id, or a module that says that it is broken. "Done" alone (90) is not enough: the id is still on its way. */
const recognise = (heard: Uint8Array, isPadded: boolean): DeviceIdentity | undefined => {
  const decoder = createSamDecoder({ isPadded });
  const items = [...decoder.push(heard), ...(decoder.idle?.() ?? [])];
  const frames = items.flatMap((item) => (item.type === 'frame' ? [item.frame] : []));
  for (const { sw3: status, data } of frames) {
    const serialNumber = status === sw3.ok ? formatSamId(data) : undefined;
    if (serialNumber !== undefined) return { serialNumber, capabilities: samCapabilities };
  }
  const isBroken = frames.some((frame) => frame.sw3 === sw3.selfTestFailed || frame.sw3 === sw3.notAuthorised);
  return isBroken ? { capabilities: samCapabilities } : undefined;
};

export const samSerialProbe: Probe = {
  baudRates: probeOrder,
  ask: questions,
  waitMs: serialPace.probeMs,
  recognise: (heard) => recognise(heard, false),
};

/** Whole reports, as the HID transport takes them: without a report number, 64 bytes. */
export const samHidProbe: Probe = {
  baudRates: [],
  ask: questions.flatMap((question) => toReports(question, 64, 0)),
  waitMs: reportPace.probeMs,
  recognise: (heard) => recognise(heard, true),
};
