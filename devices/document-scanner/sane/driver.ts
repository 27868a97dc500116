// Runs scanimage for the machine. The only impure file of this driver: it spawns, signals, reads the page files and wipes them.
//
//   machine ── request ──▶ Connection.write ──▶ spawn scanimage in a fresh 0700 folder
//   machine ◀── message ── stderr as it comes, the pages when it ended, then how it ended
//
// There is no wire: the "port" is this computer's SANE, which is always there. Whether a scanner is, the probe tells.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeviceDependencies, DriverDefinition } from '../../kit/device.ts';
import { ok } from '../../kit/result.ts';
import { startDevice } from '../../kit/run-device.ts';
import type { Connection, Transport } from '../../kit/transport.ts';
import type { DocumentScanner } from '../api.ts';
import { scannerChecks } from '../checks.ts';
import { createScanDecoder, decodeRequest, encodeMessage, type ProcessEnd } from './codec.ts';
import { saneConfigSchema, type SaneConfig } from './config.ts';
import { scannerFaults } from '../faults.ts';
import { createScannerMachine } from './machine.ts';
import { explainTrace } from './trace-words.ts';

const folderPrefix = 'hall-kiosk-scan-';
const stdoutLimit = 64 * 1024;
const pageName = /^p(\d+)\.png$/;

/** systemd's and the login's runtime folders are in memory; a citizen's papers should not touch a disk. */
const temporaryRoot = (): string => process.env.RUNTIME_DIRECTORY ?? process.env.XDG_RUNTIME_DIR ?? tmpdir();

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Folders that an earlier life of this program could not wipe any more (power cut, SIGKILL). */
const wipeLeftovers = async (root: string): Promise<void> => {
  const names = await readdir(root).catch(() => []);
  const dead = names.filter((name) => {
    const pid = new RegExp(`^${folderPrefix}(\\d+)-`).exec(name)?.[1];
    return pid !== undefined && !isAlive(Number(pid));
  });
  await Promise.all(dead.map((name) => rm(join(root, name), { recursive: true, force: true })));
};

const environmentOf = (config: SaneConfig): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  // The words on stderr are part of the protocol.
  LC_ALL: 'C',
  ...(config.saneConfigDir === undefined ? {} : { SANE_CONFIG_DIR: config.saneConfigDir }),
});

const failureOf = (error: NodeJS.ErrnoException): ProcessEnd => ({
  code: null,
  failure: error.code === 'ENOENT' || error.code === 'EACCES' ? 'notInstalled' : 'notStarted',
});

const collectPages = async (folder: string): Promise<Uint8Array[]> => {
  const names = (await readdir(folder)).filter((name) => pageName.test(name));
  names.sort((a, b) => Number(pageName.exec(a)?.[1]) - Number(pageName.exec(b)?.[1]));
  return Promise.all(names.map((name) => readFile(join(folder, name))));
};

/** A transport whose far end is the program scanimage on this computer. */
const createScanimageTransport = (config: SaneConfig): Transport => ({
  name: `sane ${config.device ?? config.find}`,
  async open() {
    const root = temporaryRoot();
    await wipeLeftovers(root);
    return ok(connect(config, root));
  },
});

const connect = (config: SaneConfig, root: string): Connection => {
  let tell: (message: Uint8Array) => void = () => undefined;
  let isClosed = false;
  let child: ChildProcess | undefined;
  let isInterrupted = false;
  let keepsPages = true;
  let work: Promise<void> | undefined;

  const launch = (run: number, folder: string, args: readonly string[]): Promise<ProcessEnd> =>
    new Promise((resolve) => {
      const stdout: Buffer[] = [];
      let length = 0;
      const started = spawn(config.command, args, {
        cwd: folder,
        env: environmentOf(config),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      started.stderr.on('data', (chunk: Buffer) => tell(encodeMessage('stderr', run, chunk)));
      started.stdout.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= stdoutLimit) stdout.push(chunk);
      });
      started.on('error', (error) => resolve(failureOf(error)));
      started.on('close', (code) => {
        if (code === 0 && stdout.length > 0) tell(encodeMessage('stdout', run, Buffer.concat(stdout)));
        resolve({ code });
      });
    });

  const runOnce = async (run: number, args: readonly string[]): Promise<void> => {
    isInterrupted = false;
    keepsPages = true;
    let end: ProcessEnd = { code: null, failure: 'tempFolder' };
    let folder: string | undefined;
    let told = 0;
    try {
      folder = await mkdtemp(join(root, `${folderPrefix}${process.pid}-`));
      // Closed or cancelled while the folder was made.
      end = isClosed || isInterrupted ? { code: null } : await launch(run, folder, args);
      // A feeder that runs empty or jams leaves the pages before that; the machine judges.
      const pages = isClosed || !keepsPages ? [] : await collectPages(folder);
      for (const page of pages) tell(encodeMessage('page', run, page, (told += 1)));
    } catch {
      // The folder could not be made or read: `end` says so, and no page was told.
      end = { code: null, failure: 'tempFolder' };
    } finally {
      child = undefined;
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
      work = undefined;
      tell(encodeMessage('ended', run, JSON.stringify({ ...end, pages: told })));
    }
  };

  return {
    async write(bytes) {
      if (isClosed) throw new Error('closed');
      const request = decodeRequest(bytes);
      if (request.type === 'signal') {
        isInterrupted = true;
        keepsPages &&= request.keepsPages;
        child?.kill(request.signal);
        return;
      }
      if (work) throw new Error('scanimage runs already');
      work = runOnce(request.run, request.arguments);
    },
    onData(listener) {
      tell = (message) => {
        if (!isClosed) listener(message);
      };
    },
    onLost: () => undefined,
    async close() {
      isClosed = true;
      child?.kill('SIGKILL');
      await work;
    },
  };
};

/** Starts the driver over any transport that speaks the codec's messages. */
export const startScanner = (config: SaneConfig, dependencies: DeviceDependencies): DocumentScanner =>
  startDevice(
    {
      kind: 'document-scanner',
      machine: createScannerMachine(config),
      createDecoder: createScanDecoder,
      faultTexts: scannerFaults,
      isPrivate: (frame) => frame.type === 'page',
      checks: scannerChecks,
    },
    dependencies,
  );

export const saneDriver: DriverDefinition<SaneConfig, DocumentScanner> = {
  driver: 'sane',
  kind: 'document-scanner',
  title: { zh: '文件扫描仪（SANE）', en: 'Document scanner (SANE)' },
  links: [],
  triedOn: [],
  commands: ['scanPage', 'listOptions', 'testLine'],
  configSchema: saneConfigSchema,
  explainTrace,
  start: (config, dependencies) =>
    startScanner(config, { ...dependencies, transport: createScanimageTransport(config) }),
};
