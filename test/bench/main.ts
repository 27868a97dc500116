// scratch
import { measureCardReads } from './id-card-read.ts';
import { measureEnqueue } from './durable-enqueue.ts';
import { measureCalls } from './contract-call.ts';
import { measureDrain } from './outbox-drain.ts';
for (const f of [measureCardReads, measureEnqueue, measureCalls, measureDrain]) { const t = Date.now(); console.log(await f().catch(String), Date.now() - t); }
process.exit();
