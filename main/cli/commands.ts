// Every operator's command, in the order of the help.

import { bundlesList, bundlesVerify } from './bundles-command.ts';
import { devicesCheck } from './check-command.ts';
import type { Command } from './command.ts';
import { configCheck, configSchema } from './config-command.ts';
import { devices } from './devices-command.ts';
import { devicesFind } from './devices-find-command.ts';
import { devicesUdev } from './devices-udev-command.ts';
import { doctor } from './doctor-command.ts';
import { keyRotate, keySeal, keyStatus } from './key-command.ts';
import { pin } from './pin-command.ts';
import { policy } from './policy-command.ts';
import { storeCheck, storeVerifyAudit } from './store-check-command.ts';
import { storeBackup, storeExport, storeRestore } from './store-copy-command.ts';
import { syncRenewInstall, syncStatus } from './sync-command.ts';
import { tokensVerify } from './tokens-command.ts';

export const commands: readonly Command[] = [
  doctor,
  configCheck,
  configSchema,
  devices,
  devicesCheck,
  devicesFind,
  devicesUdev,
  storeCheck,
  storeVerifyAudit,
  storeBackup,
  storeRestore,
  storeExport,
  syncStatus,
  syncRenewInstall,
  keyStatus,
  keySeal,
  keyRotate,
  bundlesList,
  bundlesVerify,
  tokensVerify,
  policy,
  pin,
];
