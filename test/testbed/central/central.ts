// The central intake platform, as far as a kiosk can see it: a reference server that really keeps what it takes. It stands at the far
// end of the wire; the kiosk's own code knows nothing of it but its URL. The control beside it is for tests and demonstrations.
//
//   socket ─▶ faults ─▶ capacity ─▶ Fastify ─▶ oRPC procedures ─▶ intake ─▶ books (SQLite, PostgreSQL)
//                                     └─────▶ tus uploads ─▶ files

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OpenAPIHandler } from '@orpc/openapi/fastify';
import Fastify, { type FastifyRequest } from 'fastify';
import { addAdmin } from './admin.ts';
import { addBundles } from './bundle-routes.ts';
import { openPublisher, type Publisher } from './bundles.ts';
import { openBooks } from './books.ts';
import { createCapacity, type Arrivals } from './capacity.ts';
import { checkDigests } from './content-digest.ts';
import { countAll, findCase, type CentralCase, type Counts } from './counts.ts';
import { createFaults, type FaultControl } from './faults.ts';
import { createHallQueue, type Business } from './hall-queue.ts';
import { createIntake } from './intake.ts';
import { generateOpenApi } from './openapi.ts';
import { openKiosks } from './kiosks.ts';
import { createProcedures } from './procedures.ts';
import { forgetDaily, leastKeptDays } from './retention.ts';
import { openSigner } from './signing.ts';
import { addUploads } from './uploads.ts';

export type CentralOptions = {
  /** Scans, and the books unless they are in a database; kept over a restart. Several processes on one database share it. */
  directory: string;
  /** `postgres://…`: the books are there, and other processes may use them at the same time. Absent: a SQLite file in the directory. */
  databaseUrl?: string;
  /** 0 or absent: any free port. */
  port?: number;
  host?: string;
  /** Kiosk id to bearer key. Absent: the first key that comes with an id is that kiosk's. */
  kioskKeys?: Readonly<Record<string, string>>;
  /** Businesses with counters; others are known from their first ticket on. */
  businesses?: readonly Business[];
  /** Requests a second, above which answers are 429. Absent: no limit. */
  capacity?: number;
  /** Days that ids and receipts are remembered; 180 at least. */
  keptDays?: number;
  /** Bearer key of `/admin`. Absent: there is none. */
  adminKey?: string;
  /** The hall that all its kiosks stand in, for bundles that are meant for a hall. */
  hallCode?: string;
};

export type CentralControl = FaultControl & { setBusiness(business: Business): Promise<void> };

export type Central = {
  url: string;
  port: number;
  /** For receipts, as `/v1/health` tells it. */
  publicKey: string;
  control: CentralControl;
  counts(): Promise<Counts>;
  arrivals(): Arrivals;
  /** What the platform holds of a case, or nothing. */
  case(receiptNumber: string): Promise<CentralCase | undefined>;
  /** Where the bytes of a scan lie. */
  blobPath(sha256: string): string;
  /** Signs and publishes what goes down to kiosks. */
  bundles: Publisher;
  stop(): Promise<void>;
};

const bearerOf = (request: FastifyRequest): string | undefined =>
  /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];

export const startCentral = async (options: CentralOptions): Promise<Central> => {
  const { directory, host = '127.0.0.1', kioskKeys, businesses = [] } = options;
  const books = await openBooks(directory, options.databaseUrl);
  const signer = await openSigner(books);
  const queue = createHallQueue(books);
  for (const business of businesses) await queue.setUp(business, Date.now());
  const kiosks = await openKiosks(books, kioskKeys);
  const intake = createIntake(books, signer);
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
  const handler = new OpenAPIHandler(createProcedures({ books, kiosks, intake, queue, signer }));
  checkDigests(app);
  const uploads = await addUploads(app, books, directory, (request) => kiosks.of(bearerOf(request)));
  const counts = (): Promise<Counts> => countAll(books);
  const { arrivals } = capacity;
  const bundles = openPublisher(directory);
  addBundles(
    app,
    bundles,
    {
      mayActAs: (request, kioskId) => kiosks.mayActAs(bearerOf(request), kioskId),
      hallCodeOf: () => options.hallCode,
    },
    options.adminKey,
  );
  addAdmin(app, { adminKey: options.adminKey, books, arrivals });
  app.get('/openapi.json', () => generateOpenApi());
  app.all('/v1/*', async (request, reply) => {
    const { matched } = await handler.handle(request, reply, { context: { bearer: bearerOf(request) } });
    if (!matched) await reply.code(404).send({ code: 'NOT_FOUND', message: 'no such procedure' });
  });
  const endForgetting = forgetDaily(books, Math.max(leastKeptDays, options.keptDays ?? 0), (error) =>
    process.stderr.write(`old events were not forgotten: ${String(error)}\n`),
  );
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
    case: (receiptNumber) => findCase(books, receiptNumber),
    blobPath: uploads.pathOf,
    bundles,
    async stop() {
      if (server.listening) {
        const closed = once(server, 'close');
        server.close();
        faults.killSockets();
        await closed;
      }
      await app.close();
      await endForgetting();
      await books.close();
    },
  };
};
