// What the driver says to the HTTP side and what comes back, as messages. Pure.
//
//   request (JSON) ─▶ http.ts: GET, POST, DELETE ─▶ scanner ─▶ answer, bytes so far, failure ─▶ message ─▶ frame
//
// A message is one push, whole, like a HID report:
//
//   byte 0 kind │ 1–4 length of the head, big-endian │ head (JSON) │ body
//
// Every frame carries the tag of its request: an answer to an earlier question can never pass for one to a later.

import type { Decoded, Decoder } from '../../kit/machine.ts';
import type { ScannedPage } from '../api.ts';
import { pageOf } from '../picture.ts';
import { readCapabilities, readStatus, type EsclCapabilities, type EsclStatus } from './documents.ts';

export type Purpose = 'capabilities' | 'status' | 'createJob' | 'page' | 'deleteJob';

export type EsclRequest =
  | {
      type: 'ask';
      tag: number;
      purpose: Purpose;
      method: 'GET' | 'POST' | 'DELETE';
      /** Absolute path on the configured scanner; no request ever goes to another host. */
      path: string;
      body?: string;
      /** A longer answer is cut off and fails. */
      limitBytes: number;
    }
  /** Breaks off what is being asked; its answer is not wanted any more. */
  | { type: 'abort' };

export const messageKinds = { answer: 1, received: 2, failed: 3 } as const;

/** Why there was no HTTP answer at all. */
const httpFailures = [
  'refused',
  'unreachable',
  'nameNotFound',
  'hungUp',
  'tooLarge',
  'certificate',
  'notHttp',
] as const;
export type HttpFailure = (typeof httpFailures)[number];

type Asked = { tag: number; purpose: Purpose };

export type EsclFrame = Asked &
  (
    | { type: 'capabilities'; capabilities: EsclCapabilities }
    | { type: 'status'; status: EsclStatus }
    | { type: 'jobCreated'; path: string }
    | { type: 'page'; page: ScannedPage }
    | { type: 'deleted' }
    /** Bytes of a body so far; of how many, where the scanner said so. */
    | { type: 'received'; bytes: number; ofBytes?: number }
    | { type: 'refused'; httpStatus: number }
    | { type: 'unusable'; why: 'notXml' | 'notEscl' | 'notAPicture' | 'noLocation' }
    | { type: 'failed'; reason: HttpFailure }
  );

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const headStart = 5;

export const encodeRequest = (request: EsclRequest): Uint8Array => encoder.encode(JSON.stringify(request));
export const decodeRequest = (bytes: Uint8Array): EsclRequest => JSON.parse(decoder.decode(bytes)) as EsclRequest;

type AnswerHead = Asked & { path: string; httpStatus: number; location?: string };

export const encodeMessage = (
  kind: keyof typeof messageKinds,
  head: Record<string, unknown>,
  body: Uint8Array = new Uint8Array(),
): Uint8Array => {
  const headBytes = encoder.encode(JSON.stringify(head));
  const message = new Uint8Array(headStart + headBytes.length + body.length);
  message[0] = messageKinds[kind];
  new DataView(message.buffer).setUint32(1, headBytes.length);
  message.set(headBytes, headStart);
  message.set(body, headStart + headBytes.length);
  return message;
};

const pathLimit = 500;

/** The path of a `Location`, whatever host it names; undefined when there is none that can be used. */
export const pathOfLocation = (location: string | undefined, requestPath: string): string | undefined => {
  if (location === undefined || location.trim() === '' || location.length > pathLimit) return undefined;
  try {
    const { protocol, pathname, search } = new URL(location.trim(), `http://scanner${requestPath}`);
    if (protocol !== 'http:' && protocol !== 'https:') return undefined;
    const path = pathname.replace(/\/+$/, '') + search;
    return path === '' ? undefined : path;
  } catch {
    return undefined;
  }
};

/** 2xx of the question that was asked, or the status as it is. */
const frameOfAnswer = (head: AnswerHead, body: Uint8Array): EsclFrame => {
  const { tag, purpose, httpStatus } = head;
  const asked = { tag, purpose };
  if (httpStatus < 200 || httpStatus > 299) return { ...asked, type: 'refused', httpStatus };
  switch (purpose) {
    case 'capabilities': {
      const read = readCapabilities(decoder.decode(body));
      return read.ok
        ? { ...asked, type: 'capabilities', capabilities: read.value }
        : { ...asked, type: 'unusable', why: read.why };
    }
    case 'status': {
      const read = readStatus(decoder.decode(body));
      if (!read.ok) return { ...asked, type: 'unusable', why: read.why };
      const openJobs = read.value.openJobs.flatMap((uri) => pathOfLocation(uri, head.path) ?? []);
      return { ...asked, type: 'status', status: { ...read.value, openJobs } };
    }
    case 'createJob': {
      const path = httpStatus === 201 ? pathOfLocation(head.location, head.path) : undefined;
      return path === undefined
        ? { ...asked, type: 'unusable', why: 'noLocation' }
        : { ...asked, type: 'jobCreated', path };
    }
    case 'page': {
      const page = pageOf(body);
      return page ? { ...asked, type: 'page', page } : { ...asked, type: 'unusable', why: 'notAPicture' };
    }
    case 'deleteJob':
      return { ...asked, type: 'deleted' };
    default:
      return purpose satisfies never;
  }
};

const isAsked = (head: unknown): head is Asked & Record<string, unknown> => {
  const { tag, purpose } = head as Partial<Asked>;
  return typeof tag === 'number' && typeof purpose === 'string';
};

const frameOf = (message: Uint8Array): EsclFrame | undefined => {
  if (message.length < headStart) return undefined;
  const length = new DataView(message.buffer, message.byteOffset).getUint32(1);
  if (headStart + length > message.length) return undefined;
  let head: unknown;
  try {
    head = JSON.parse(decoder.decode(message.subarray(headStart, headStart + length)));
  } catch {
    return undefined;
  }
  if (typeof head !== 'object' || head === null || !isAsked(head)) return undefined;
  const body = message.subarray(headStart + length);
  const { tag, purpose } = head;
  switch (message[0]) {
    case messageKinds.answer:
      return typeof head.httpStatus === 'number' ? frameOfAnswer(head as unknown as AnswerHead, body) : undefined;
    case messageKinds.received:
      return {
        tag,
        purpose,
        type: 'received',
        bytes: Number(head.bytes),
        ...(typeof head.ofBytes === 'number' ? { ofBytes: head.ofBytes } : {}),
      };
    case messageKinds.failed: {
      const reason = httpFailures.find((known) => known === head.reason);
      return reason && { tag, purpose, type: 'failed', reason };
    }
    default:
      return undefined;
  }
};

/** Keeps nothing between two messages. */
export const createEsclDecoder = (): Decoder<EsclFrame> => ({
  push(message): Decoded<EsclFrame>[] {
    const frame = frameOf(message);
    return frame
      ? [{ type: 'frame', frame, bytes: message }]
      : [{ type: 'discarded', bytes: message, reason: 'unknown message' }];
  },
});
