// The process whose disk fails: plays one script after another with failing.c in front of libc. What the store acknowledged goes to a file
// outside the failing folder, line by line, before the next act begins, so that it is there also when the process ends in the middle.
//
//   script-process.ts CONTROL ACKS

import { closeSync, openSync, writeSync } from 'node:fs';
import { openControl, type Manner } from './control.ts';
import { playScript, type Script, type Told } from './script.ts';

export type ScriptTask = { path: string; script: Script; failAt: number; manner: Manner; isPersistent: boolean };
export type ScriptAnswer = Told & { operations: number; failures: number };

const [controlPath = '', acksPath = ''] = process.argv.slice(2);
const control = openControl(controlPath);

process.on('message', ({ path, script, failAt, manner, isPersistent }: ScriptTask) => {
  const acks = openSync(acksPath, 'w');
  control.arm(failAt, manner, isPersistent);
  const told = playScript(path, script, (kept) => {
    if (kept.length > 0) writeSync(acks, `${JSON.stringify(kept)}\n`);
  });
  const counted = control.read();
  control.arm(0, manner, false);
  closeSync(acks);
  process.send?.({ ...told, ...counted } satisfies ScriptAnswer);
});
process.send?.('ready');
