// Runs a suite once with the books in SQLite and once in PostgreSQL: the same promises hold on both. Without a PostgreSQL the second
// round says so.

import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { hasPostgres, startCluster, type Cluster } from './postgres-cluster.ts';

export type Backend = {
  /** For `startCentral`; the same all through a test, so that a server that starts again finds its books. */
  database(): { databaseUrl?: string };
};

const clusterPatienceMs = 60_000;

const inPostgres = (suite: (backend: Backend) => void): void => {
  let cluster: Cluster | undefined;
  let databaseUrl = '';
  beforeAll(async () => {
    cluster = await startCluster();
  }, clusterPatienceMs);
  beforeEach(async () => {
    databaseUrl = (await cluster?.freshUrl()) ?? '';
  });
  afterAll(() => cluster?.stop());
  suite({ database: () => ({ databaseUrl }) });
};

const inSqlite = (suite: (backend: Backend) => void): void => suite({ database: () => ({}) });

const isThere = hasPostgres();
const hint = isThere ? '' : ' (skipped: no PostgreSQL; set DATABASE_URL, or install the package postgresql)';

export const onPostgres = (suite: (backend: Backend) => void): void => {
  describe.runIf(isThere)(`with the books in PostgreSQL${hint}`, () => {
    inPostgres(suite);
  });
};

export const onEachBackend = (suite: (backend: Backend) => void): void => {
  describe('with the books in SQLite', () => {
    inSqlite(suite);
  });
  onPostgres(suite);
};
