// One request and the reply it waits for: how long, and which frames can be that reply. Used by machine.ts. Pure.

import { sw3, type RequestName, type SamFrame } from './codec.ts';

export const probeOrder = [115_200, 9600, 57_600, 38_400, 19_200] as const;
/** Long enough for the port to close; short, because the probe has five rates to try. */
export const probeReopenMs = 100;
/** From the answer to a change of rate until the port is opened at the new one, as published code waits. */
export const rateSettleMs = 500;
/** Vendors ask for this much between two finds. */
export const findIntervalMs = 300;
export const heartbeatMs = 8000;

export type Health = 'ok' | 'samSelfTestFailed' | 'samNotAuthorised';

/** How long replies may take. Over `serial` the wire's own time at the rate in use comes on top of a read. */
export type Pace = { probeMs: number; replyMs: number; readMs: number; isSerial: boolean };
export const serialPace: Pace = { probeMs: 300, replyMs: 1000, readMs: 3000, isSerial: true };
/** A published HID driver waits 1500 ms for the first report. */
export const reportPace: Pace = { probeMs: 1500, replyMs: 1500, readMs: 3000, isSerial: false };

export type Exchange = {
  request: RequestName;
  purpose: 'probe' | 'identify' | 'setRate' | 'heartbeat' | 'resync' | 'job';
  isResend: boolean;
  /** The job it was sent for; a reply to a job that was given up is swallowed. */
  jobId?: string;
};

const readBytes = { read: 1295, readWithPrint: 2321 } as const;

/** A reply's time: what the reader needs plus, for a card's data, what the wire needs at the rate in use (unknown: 9600). */
export const timeoutOf = ({ request, purpose }: Exchange, pace: Pace, baudRate = 9600): number => {
  if (purpose === 'probe') return pace.probeMs;
  if (request !== 'read' && request !== 'readWithPrint') return pace.replyMs;
  return pace.readMs + (pace.isSerial ? Math.ceil((readBytes[request] * 10_000) / baudRate) : 0);
};

/** Whether a frame can be the reply to a request. Replies carry no name: status and length of data tell them apart. */
export const answers = (request: RequestName, { sw3: status, data }: SamFrame): boolean => {
  switch (status) {
    case sw3.cardFound:
    case sw3.noCard:
      return request === 'find';
    case sw3.selectFailed:
      return request === 'select';
    case sw3.noContent:
      return request === 'readAddress';
    case sw3.ok:
      switch (request) {
        case 'reset':
        case 'selfTest':
        case 'setRate115200':
        case 'setRate57600':
        case 'setRate38400':
        case 'setRate19200':
        case 'setRate9600':
          return data.length === 0;
        case 'readSamId':
          return data.length === 16;
        case 'find':
          return false;
        case 'select':
          return data.length < 16;
        case 'readAddress':
          return data.length > 16 && data.length < 256;
        case 'read':
        case 'readWithPrint':
          return data.length >= 256;
        default:
          return request satisfies never;
      }
    default:
      return true;
  }
};

export const isFrameError = (status: number): boolean =>
  status === sw3.checksumError || status === sw3.lengthError || status === sw3.badCommand;

export const healthOf = (status: number): Health =>
  status === sw3.selfTestFailed ? 'samSelfTestFailed' : status === sw3.notAuthorised ? 'samNotAuthorised' : 'ok';

export const isRead = (request: RequestName): boolean =>
  request === 'read' || request === 'readWithPrint' || request === 'readAddress';
