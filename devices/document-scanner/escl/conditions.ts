// What an answer, or its absence, says is wrong. Pure.

import type { DeviceState } from '../../kit/status.ts';
import type { ScanFaultCode } from '../faults.ts';
import type { EsclFrame, HttpFailure } from './codec.ts';
import type { EsclStatus } from './documents.ts';

/** A condition that stands in the way of this source. A jammed feeder does not keep the glass from scanning. */
export const conditionOf = (status: EsclStatus, source: 'platen' | 'feeder'): ScanFaultCode | undefined => {
  if (status.state === 'Stopped' || status.state === 'Down') {
    // The reason, where the feeder names one: "stopped" alone helps nobody.
    if (status.feeder === 'jammed') return 'jammed';
    return status.feeder === 'open' ? 'coverOpen' : 'scannerStopped';
  }
  if (source === 'platen') return undefined;
  if (status.feeder === 'jammed') return 'jammed';
  return status.feeder === 'open' ? 'coverOpen' : undefined;
};

/** Somebody else's job, or it is warming up. */
export const isBusy = ({ state }: EsclStatus): boolean => state === 'Processing' || state === 'Testing';

const faultOfFailure: Readonly<Record<HttpFailure, ScanFaultCode>> = {
  refused: 'scannerMissing',
  unreachable: 'scannerMissing',
  nameNotFound: 'scannerMissing',
  hungUp: 'ioError',
  tooLarge: 'ioError',
  certificate: 'wrongCertificate',
  notHttp: 'notEscl',
};

const faultOfHttpStatus = (httpStatus: number, isDocument: boolean): ScanFaultCode => {
  if (httpStatus === 401 || httpStatus === 403) return 'accessDenied';
  if (httpStatus === 503) return 'busy';
  // Another web server, or a redirect to a page for people.
  return isDocument && httpStatus < 500 ? 'notEscl' : 'ioError';
};

export const faultOfAnswer = (
  frame: Extract<EsclFrame, { type: 'refused' | 'unusable' | 'failed' }>,
): ScanFaultCode => {
  switch (frame.type) {
    case 'refused':
      return faultOfHttpStatus(frame.httpStatus, frame.purpose === 'capabilities' || frame.purpose === 'status');
    case 'unusable':
      return frame.why === 'notXml' || frame.why === 'notEscl' ? 'notEscl' : 'ioError';
    case 'failed':
      return faultOfFailure[frame.reason];
    default:
      return frame satisfies never;
  }
};

/** Remains after the command, until the status says otherwise. */
export const isStanding = (fault: ScanFaultCode): boolean =>
  fault === 'jammed' || fault === 'coverOpen' || fault === 'scannerStopped' || fault === 'ioError';

/** The scanner must be found afresh. */
export const lostBy = (fault: ScanFaultCode): boolean =>
  fault === 'scannerMissing' ||
  fault === 'scannerSilent' ||
  fault === 'notEscl' ||
  fault === 'wrongCertificate' ||
  fault === 'accessDenied';

export const stateOfFault = (fault: ScanFaultCode): DeviceState => {
  switch (fault) {
    case 'scannerMissing':
      return 'noDevice';
    case 'ioError':
    case 'scannerStopped':
      return 'hardwareError';
    case 'jammed':
    case 'coverOpen':
      return 'userError';
    default:
      return 'offline';
  }
};
