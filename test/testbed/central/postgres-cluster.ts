// A PostgreSQL of a test's own: made in a temporary folder, reached by a socket in it, gone with it. Where DATABASE_URL names a database,
// that one is used; in either case each test has a schema of its own.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';

export type Cluster = {
  /** An empty place for the books of one test. */
  freshUrl(): Promise<string>;
  stop(): Promise<void>;
};

const debianFolder = '/usr/lib/postgresql';
const startPatienceMs = 30_000;

const binaries = (): string | undefined => {
  if (!existsSync(debianFolder)) return undefined;
  const [newest] = readdirSync(debianFolder).toSorted((a, b) => Number(b) - Number(a));
  const folder = newest === undefined ? undefined : join(debianFolder, newest, 'bin');
  return folder !== undefined && existsSync(join(folder, 'initdb')) ? folder : undefined;
};

export const hasPostgres = (): boolean => Boolean(process.env['DATABASE_URL']) || binaries() !== undefined;

/** PostgreSQL does not run as root: then as the user that its package made, or as nobody. */
const serverUser = (): { prefix: string[]; uid: number; gid: number } => {
  const { uid, gid } = userInfo();
  if (uid !== 0) return { prefix: [], uid, gid };
  const find = (flag: string, name: string): number =>
    Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout || NaN);
  const name = Number.isNaN(find('-u', 'postgres')) ? 'nobody' : 'postgres';
  const [user, group] = [find('-u', name), find('-g', name)];
  return {
    prefix: ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups'],
    uid: user,
    gid: group,
  };
};

const startServer = async (folder: string): Promise<{ url: string; server: ChildProcess }> => {
  const bin = binaries();
  if (bin === undefined) throw new Error('there is no PostgreSQL here');
  const { prefix, uid, gid } = serverUser();
  chownSync(folder, uid, gid);
  const data = join(folder, 'data');
  const command = (program: string, ...args: string[]): [string, string[]] => {
    const [first = '', ...rest] = [...prefix, join(bin, program), ...args];
    return [first, rest];
  };
  const made = spawnSync(
    ...command(
      'initdb',
      '--pgdata',
      data,
      '--username=hall',
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ),
    { encoding: 'utf8', cwd: folder },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const [program, args] = command('postgres', '-D', data, '-k', folder, '-h', '', '-c', 'max_connections=200');
  const server = spawn(program, args, { cwd: folder, stdio: 'ignore' });
  process.once('exit', () => server.kill('SIGKILL'));
  const url = `postgres://hall@localhost/postgres?host=${encodeURIComponent(folder)}`;
  for (const untilMs = Date.now() + startPatienceMs; ;) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      return { url, server };
    } catch (error) {
      if (Date.now() > untilMs || server.exitCode !== null) throw error;
      await pause(50);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
};

export const startCluster = async (): Promise<Cluster> => {
  const given = process.env['DATABASE_URL'];
  const folder = given ? undefined : mkdtempSync(join(tmpdir(), 'pg-'));
  const { url, server } = folder === undefined ? { url: given ?? '', server: undefined } : await startServer(folder);
  const schemas: string[] = [];
  const order = async (sql: string): Promise<void> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  return {
    async freshUrl() {
      const schema = `test_${randomUUID().replaceAll('-', '')}`;
      await order(`CREATE SCHEMA ${schema}`);
      schemas.push(schema);
      const inSchema = new URL(url);
      inSchema.searchParams.set('options', `-c search_path=${schema}`);
      return inSchema.href;
    },
    async stop() {
      if (server === undefined) {
        for (const schema of schemas) await order(`DROP SCHEMA ${schema} CASCADE`);
        return;
      }
      const ended = once(server, 'exit');
      // At once: nothing of it is kept.
      server.kill('SIGQUIT');
      await ended;
      rmSync(folder ?? '', { recursive: true, force: true });
    },
  };
};
