// Rotates a store's machine key in a process of its own and kills itself at a step, for `key-rotation.test.ts`.
//
//   node main/store/rotate-and-die.ts STORE KEYFILE KIOSK STEP

import { machineKeyPlace } from './machine-key-source.ts';
import { keyHolderOf } from './machine-key-file.ts';
import { rotateMachineKey } from './key-rotation.ts';

const [storePath = '', keyFile = '', kioskId = '', dieAt] = process.argv.slice(2);
const holder = keyHolderOf(machineKeyPlace(keyFile, {}));
if (!holder) throw new Error('there is no key file');
const rotated = rotateMachineKey({
  storePath,
  kioskId,
  holder,
  who: 'test',
  onStep(step) {
    if (step === dieAt) process.kill(process.pid, 'SIGKILL');
  },
});
process.stdout.write(`${JSON.stringify(rotated)}\n`);
process.exitCode = rotated.ok ? 0 : 1;
