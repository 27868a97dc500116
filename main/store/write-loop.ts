// Run by crash.test.ts as a process of its own, to be killed at any moment: submits cases and ratings for ever and says on standard
// output what the store has acknowledged, one JSON line each.

import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openStore } from './open.ts';
import { kioskId, machineKey, page, rating, submission } from './store-fixture.ts';

const [path = ''] = process.argv.slice(2);
const opened = openStore({ path, machineKey, kioskId });
if (!opened.ok) throw new Error(opened.error.message);
const store = opened.value;

// Written with a blocking call, so that a line stands in the pipe when the kill comes.
const say = (line: unknown): void => void writeSync(1, `${JSON.stringify(line)}\n`);

for (;;) {
  const scan = page(20_000);
  const caseId = randomUUID();
  const submitted = store.submitCase(submission([scan], { caseId }));
  if (!submitted.ok) throw new Error(submitted.error.message);
  say({ caseId, receiptNumber: submitted.value.receiptNumber, sha256: scan.sha256 });
  const rated = store.enqueue('rating.given', rating({ caseId }), { bind: { caseId } });
  if (!rated.ok) throw new Error(rated.error.message);
  say({ eventId: rated.value.eventId, seq: rated.value.seq });
}
