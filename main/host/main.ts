// The host process. Reads the configuration, opens the store, starts devices and network, opens the door for the screens.
//
//   node main/host/main.ts --config kiosk.json [--port N]

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../devices/kit/clock.ts';
import { registry } from '../../devices/registry.ts';
import { loadCatalogue } from '../../kiosk-config/catalogue/load.ts';
import { formatConfigErrors, loadConfig } from '../../kiosk-config/parse.ts';
import { consoleLogger, createLogger } from './logging.ts';
import { createForgetting } from './forget.ts';
import { createKiosk } from './kiosk.ts';
import { createDownSync } from './down-sync.ts';
import { createRouter } from './router.ts';
import { openDoor } from './server.ts';
import { createSupervisorLink } from './supervisor-link.ts';
import { servePort, serveSocket } from './channels.ts';
import { openMachineKey } from '../store/machine-key-source.ts';
import { finishRotation } from '../store/key-rotation.ts';
import { openStore } from '../store/open.ts';
import { usualReserveBytes } from '../store/reserve.ts';
import { centralSettings } from '../sync/central-settings.ts';
import { startSender } from '../sync/sender.ts';

const aliveEveryMs = 2000;
const here = fileURLToPath(new URL('.', import.meta.url));

const { values } = parseArgs({
  options: {
    config: { type: 'string' },
    port: { type: 'string', default: '0' },
    screens: { type: 'string', default: join(here, '../../dist/renderer') },
    catalogue: { type: 'string', default: join(here, '../../kiosk-config/catalogue') },
  },
});

const link = createSupervisorLink(Number(values.port));

/** Ends the process with a message that says what to do; the shell does not start it again. */
const giveUp = (code: string, message: string): never => {
  consoleLogger(`${code}: ${message}`);
  link.send({ type: 'cannotStart', code, message });
  process.exit(1);
};

const run = async (): Promise<void> => {
  const begin = await link.begin();
  if (values.config === undefined) return giveUp('noConfig', 'say which configuration: --config kiosk.json');
  const loaded = loadConfig(values.config, { drivers: registry });
  if (!loaded.ok) return giveUp(loaded.error.code, formatConfigErrors(loaded.error.problems, 'zh'));
  const config = loaded.value;
  // Paper, logs and opening hours speak of the hall's time, whatever zone the machine is set to.
  process.env['TZ'] = config.kiosk.timeZone;
  const catalogue = loadCatalogue(values.catalogue, { compileForms: false });
  if (!catalogue.ok) return giveUp(catalogue.error.code, catalogue.error.message);
  const logger = createLogger(config.logging.directory, config.logging.level);
  const log = (event: string, detail: Record<string, unknown> = {}): void => logger.info({ event, ...detail });

  const storePath = join(config.store.directory, 'kiosk.db');
  // A change of keys that a power cut interrupted comes to its end before anything is written.
  const finished = finishRotation({ keyFile: config.store.machineKeyFile, storePath, kioskId: config.kiosk.id });
  if (finished)
    logger.warn({ event: 'keyRotationResumed', isFinished: finished.ok, ...(finished.ok ? {} : finished.error) });
  // What the service manager handed over at this start is then the key of before.
  const machineKey = openMachineKey(config.store.machineKeyFile, finished?.ok ? { environment: {} } : {});
  if (!machineKey.ok) return giveUp(machineKey.error.code, machineKey.error.message);
  logger[machineKey.value.kind === 'keyFile' && !config.training ? 'warn' : 'info']({
    event: 'machineKeyOpened',
    machineKey: machineKey.value.kind,
    from: machineKey.value.from,
    isPlainLeft: machineKey.value.isPlainLeft,
  });
  const damages: string[] = [];
  let tellDamage = (damage: string): void => void damages.push(damage);
  let isReserveUsed = false;
  let tellReserveUsed = (): void => void (isReserveUsed = true);
  const store = openStore({
    path: storePath,
    machineKey: machineKey.value.bytes,
    kioskId: config.kiosk.id,
    timeZone: config.kiosk.timeZone,
    reserveBytes: usualReserveBytes,
    onReserveGivenUp() {
      logger.warn({ event: 'diskReserveUsed' });
      setImmediate(() => tellReserveUsed());
    },
    onDamage(damage) {
      logger.warn({ event: 'storeDamage', ...damage });
      // Not from within the read that found it.
      setImmediate(() => tellDamage(`${damage.where}: ${damage.reason}`));
    },
  });
  if (!store.ok) return giveUp(store.error.code, store.error.message);
  store.value.seedAccounts(config.staff.firstAccounts);
  const central = centralSettings(config);
  const downSync = createDownSync({
    config,
    catalogue: catalogue.value,
    kioskKey: central.kioskKey,
    store: store.value,
    drivers: registry,
    clock: systemClock,
    log,
    isVisitResumed: begin.session !== undefined,
  });
  const sender = startSender({
    store: store.value,
    central,
    kioskId: config.kiosk.id,
    clock: systemClock,
    log,
    afterRound: downSync.afterRound,
  });
  const forgetVisit = createForgetting(systemClock);
  const kiosk = createKiosk({
    config,
    catalogue: catalogue.value,
    store: store.value,
    serving: downSync.serving,
    sender,
    registry,
    log,
    deviceLog: ({ level, ...entry }) => logger[level](entry),
    onSessionBegan: (sessionId, key) =>
      link.send({ type: 'sessionBegan', sessionId, keyBase64: key.toString('base64') }),
    onSessionEnded(sessionId) {
      link.send({ type: 'sessionEnded', sessionId });
      forgetVisit();
    },
    ...(begin.session
      ? { resume: { sessionId: begin.session.sessionId, key: Buffer.from(begin.session.keyBase64, 'base64') } }
      : {}),
  });
  tellDamage = (damage) => kiosk.reports.incident('storeDamaged', damage);
  for (const damage of damages) tellDamage(damage);
  tellReserveUsed = () => kiosk.reports.incident('diskFull', 'the reserve beside the store was given up');
  if (isReserveUsed) tellReserveUsed();
  const router = createRouter(kiosk, log);
  const logFailure = (event: string, detail: Record<string, unknown>): void => logger.error({ event, ...detail });
  const door = await openDoor({
    port: begin.port,
    credential: begin.credential,
    screensDirectory: values.screens,
    dockUrl: config.training?.dockUrl,
    onChannel: serveSocket(router, kiosk, logFailure),
  });

  link.onPort(servePort(router, kiosk, logFailure));

  const alive = (): void => {
    link.send({ type: 'alive', rssBytes: process.memoryUsage.rss() });
  };
  const aliveTimer = setInterval(alive, aliveEveryMs);
  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    clearInterval(aliveTimer);
    await door.close();
    await kiosk.stop();
    process.exit(0);
  };
  link.onMessage((message) => {
    if (message.type === 'admit') {
      door.admit(message.token);
      link.send({ type: 'admitted', token: message.token });
    }
    if (message.type === 'stop') void stop();
  });
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
  process.on('uncaughtException', (error) => {
    // A bug: say so and start afresh, rather than go on half-way. The shell brings the session back.
    logger.fatal({ event: 'crashed', error: error.stack });
    consoleLogger(`crashed: ${error.stack ?? String(error)}`);
    process.exit(70);
  });
  log('hostReady', { origin: door.origin });
  link.send({ type: 'ready', origin: door.origin, port: door.port });
};

run().catch((error: unknown) =>
  giveUp('hostFailed', error instanceof Error ? (error.stack ?? error.message) : String(error)),
);
