// A serial server (串口服务器) on the network, or a printer on port 9100: node:net → Connection.

import { connect } from 'node:net';
import { fail, ok, type Result } from '../result.ts';
import type { Connection, LinkConfig, LossReason, OpenFailure, Transport } from '../transport.ts';

type TcpLink = Extract<LinkConfig, { type: 'tcp' }>;

const connectTimeoutMs = 5000;

const classify = (code: string | undefined): OpenFailure => {
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EHOSTUNREACH' || code === 'ETIMEDOUT')
    return 'notFound';
  if (code === 'EACCES') return 'permissionDenied';
  return 'openFailed';
};

export const createTcpTransport = (link: TcpLink): Transport => ({
  name: `tcp ${link.host}:${link.port}`,
  open: () => openTcp(link),
});

const openTcp = (link: TcpLink): Promise<Result<Connection, OpenFailure>> =>
  new Promise((resolve) => {
    const socket = connect({ host: link.host, port: link.port, noDelay: true, keepAlive: true });
    let data: (bytes: Uint8Array) => void = () => undefined;
    let lost: (reason: LossReason) => void = () => undefined;
    let ended: LossReason | undefined;
    const end = (reason: LossReason): void => {
      if (ended) return;
      ended = reason;
      lost(reason);
    };
    const timer = setTimeout(
      () => socket.destroy(Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT' })),
      connectTimeoutMs,
    );
    socket.on('data', (bytes) => data(bytes));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve(fail(classify(error.code), 'hall', error.message));
      // A reset says nothing about what was written before it; a write that failed rejects by itself.
      end('unplugged');
    });
    socket.on('close', () => end('unplugged'));
    socket.on('connect', () => {
      clearTimeout(timer);
      resolve(
        ok({
          write(bytes) {
            if (ended) return Promise.reject(new Error('the socket is closed'));
            return new Promise<void>((done, reject) => {
              socket.write(bytes, (failure) => (failure ? reject(failure) : done()));
            });
          },
          onData(listener) {
            data = listener;
          },
          onLost(listener) {
            lost = listener;
            if (ended) listener(ended);
          },
          async close() {
            ended ??= 'closed';
            if (socket.closed) return;
            await new Promise<void>((done) => {
              socket.once('close', () => done());
              socket.destroy();
            });
          },
        }),
      );
    });
  });
