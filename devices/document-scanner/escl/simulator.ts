// The simulated scanner as the driver's messages tell of it, for the fault campaigns, which play with a fake clock and so not over a
// socket. The messages are put together here by hand, from the head of codec.ts. The real socket is server.ts.

import type { SimulatorFactory } from '../../kit/simulator.ts';
import { createSimulatedScanner, type EsclAnswer } from './simulated-scanner.ts';

type Asked = { type: string; tag: number; purpose: string; method: string; path: string; body?: string };

const kinds = { answer: 1, received: 2, failed: 3 } as const;

/** kind │ length of the head, 4 bytes, big-endian │ head │ body */
export const esclMessage = (
  kind: keyof typeof kinds,
  head: object,
  body: Uint8Array = new Uint8Array(),
): Uint8Array => {
  const headBytes = Buffer.from(JSON.stringify(head), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(headBytes.length);
  return Uint8Array.from(Buffer.concat([Buffer.of(kinds[kind]), length, headBytes, body]));
};

const slowMs = 2000;

export const createEsclSimulator: SimulatorFactory = (wire, { clock, settings = {} }) => {
  const scanner = createSimulatedScanner(settings);
  const stops = new Set<() => void>();
  const drop = (): void => {
    for (const stop of stops) stop();
    stops.clear();
  };
  const later = (delayMs: number, message: Uint8Array): void => {
    const stop = clock.after(delayMs, () => {
      stops.delete(stop);
      wire.send(message);
    });
    stops.add(stop);
  };

  const give = ({ tag, purpose, path }: Asked, answer: EsclAnswer): void => {
    if (answer.type === 'none') return;
    if (answer.type === 'noise') {
      later(1, esclMessage('failed', { tag, purpose, reason: 'notHttp' }));
      return;
    }
    const { status, headers, body, afterMs, manner } = answer;
    const half = Math.floor(body.length / 2);
    const received = { tag, purpose, bytes: half, ...(headers['Content-Length'] ? { ofBytes: body.length } : {}) };
    if (body.length > 1000) later(afterMs, esclMessage('received', received));
    const endMs = afterMs + (manner === 'slow' ? slowMs : 1);
    if (manner === 'cut') later(endMs, esclMessage('failed', { tag, purpose, reason: 'hungUp' }));
    else if (manner === 'endless') later(endMs, esclMessage('failed', { tag, purpose, reason: 'tooLarge' }));
    else {
      const location = headers.Location;
      const head = { tag, purpose, path, httpStatus: status, ...(location ? { location } : {}) };
      later(endMs, esclMessage('answer', head, body));
    }
  };

  return {
    receive(bytes) {
      const asked = JSON.parse(Buffer.from(bytes).toString('utf8')) as Asked;
      // One exchange at a time: whatever was asked before is broken off.
      drop();
      if (asked.type === 'ask')
        give(asked, scanner.answer({ method: asked.method, path: asked.path, body: asked.body ?? '' }));
    },
    knobs: scanner.knobs,
    look: scanner.look,
    stop: drop,
  };
};
