// The central intake platform, as far as a kiosk can see it: a reference server that really keeps what it takes. It stands at the far
// end of the wire; the kiosk's own code knows nothing of it but its URL. The control beside it is for tests and demonstrations.
//
//   socket ─▶ faults ─▶ capacity ─▶ Fastify ─▶ oRPC procedures ─▶ intake ─▶ SQLite
//                                     └─────▶ tus uploads ─▶ files

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OpenAPIHandler } from '@orpc/openapi/fastify';
import Fastify, { type FastifyRequest } from 'fastify';
import { addAdmin } from './admin.ts';
import { createCapacity, type Arrivals } from './capacity.ts';
import { checkDigests } from './content-digest.ts';
import { createCounts, type CentralCase, type Counts } from './counts.ts';
import { openBooks } from './database.ts';
import { createFaults, type FaultControl } from './faults.ts';
import { createHallQueue, type Business } from './hall-queue.ts';
import { createIntake } from './intake.ts';
import { generateOpenApi } from './openapi.ts';
import { createKiosks, createProcedures } from './procedures.ts';
import { openSigner } from './signing.ts';
import { addUploads } from './uploads.ts';

export type CentralOptions = {
  /** Books, scans and the receipt key; kept over a restart. */
  directory: string;
  /** 0 or absent: any free port. */
  port?: number;
  host?: string;
  /** Kiosk id to bearer key. Absent: the first key that comes with an id is that kiosk's. */
  kioskKeys?: Readonly<Record<string, string>>;
  /** Businesses with counters; others are known from their first ticket on. */
  businesses?: readonly Business[];
  /** Requests a second, above which answers are 429. Absent: no limit. */
  capacity?: number;
  /** Bearer key of `/admin`. Absent: there is none. */
  adminKey?: string;
};

export type CentralControl = FaultControl & { setBusiness(business: Business): void };

export type Central = {
  url: string;
  port: number;
  /** For receipts, as `/v1/health` tells it. */
  publicKey: string;
  control: CentralControl;
  counts(): Counts;
  arrivals(): Arrivals;
  /** What the platform holds of a case, or nothing. */
  case(receiptNumber: string): CentralCase | undefined;
  /** Where the bytes of a scan lie. */
  blobPath(sha256: string): string;
  stop(): Promise<void>;
};

const bearerOf = (request: FastifyRequest): string | undefined =>
  /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];

export const startCentral = async (options: CentralOptions): Promise<Central> => {
  const { directory, host = '127.0.0.1', kioskKeys, businesses = [] } = options;
  const db = openBooks(directory);
  const signer = openSigner(directory);
  const queue = createHallQueue(db);
  for (const business of businesses) queue.setUp(business, Date.now());
  const kiosks = createKiosks(db, kioskKeys);
  const intake = createIntake(db, signer, queue);
  const faults = createFaults();
  const capacity = createCapacity(options.capacity);
  const server = createServer();
  const app = Fastify({
    bodyLimit: 4 * 1024 * 1024,
    serverFactory: (handler) => {
      server.on('request', faults.wrap(capacity.wrap((request, response) => handler(request, response))));
      return server;
    },
  });
  const handler = new OpenAPIHandler(createProcedures({ db, kiosks, intake, queue, signer }));
  checkDigests(app);
  const uploads = await addUploads(app, db, directory, (request) => kiosks.of(bearerOf(request)));
  const { counts, caseOf } = createCounts(db);
  const { arrivals } = capacity;
  addAdmin(app, { adminKey: options.adminKey, counts, arrivals });
  app.get('/openapi.json', () => generateOpenApi());
  app.all('/v1/*', async (request, reply) => {
    const { matched } = await handler.handle(request, reply, { context: { bearer: bearerOf(request) } });
    if (!matched) await reply.code(404).send({ code: 'NOT_FOUND', message: 'no such procedure' });
  });
  await app.ready();
  let { port = 0 } = options;
  faults.watch(server, () => port, host);
  server.listen(port, host);
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
  return {
    url: `http://${host}:${port}`,
    port,
    publicKey: signer.publicKey,
    control: { ...faults.control, setBusiness: (business) => queue.setUp(business, Date.now()) },
    counts,
    arrivals,
    case: caseOf,
    blobPath: uploads.pathOf,
    async stop() {
      if (server.listening) {
        const closed = once(server, 'close');
        server.close();
        faults.killSockets();
        await closed;
      }
      db.close();
    },
  };
};
