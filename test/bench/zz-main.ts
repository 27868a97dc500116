import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { statSync, openSync, writeSync, fdatasyncSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../main/store/open.ts';
import { rating } from '../../main/store/store-fixture.ts';
const d = await mkdtemp(join(tmpdir(), 'b-'));
const o = openStore({ path: join(d, 'kiosk.db'), machineKey: Buffer.alloc(32, 7), kioskId: 'B' });
if (!o.ok) throw new Error();
const s = o.value; const took: { i: number; ms: number; cpu: number; wal: number }[] = [];
for (let i = 0; i < 2100; i++) { const p = rating(); const c0 = process.cpuUsage(); const t = performance.now(); s.enqueue('rating.given', p); const ms = performance.now() - t; const c = process.cpuUsage(c0); took.push({ i, ms, cpu: (c.user + c.system) / 1000, wal: statSync(join(d, 'kiosk.db-wal')).size }); }
const sorted = took.toSorted((a, b) => b.ms - a.ms);
console.log(sorted.slice(0, 30).map((x) => `${x.i}:${x.ms.toFixed(1)}/${x.cpu.toFixed(1)}`).join(' '));
const cp = took.toSorted((a, b) => b.cpu - a.cpu);
console.log('cpu top', cp.slice(0, 30).map((x) => `${x.i}:${x.ms.toFixed(1)}/${x.cpu.toFixed(1)}`).join(' '));
const cpus = took.map((x) => x.cpu).toSorted((a, b) => a - b); const q = (a: number[], p: number) => a[Math.floor(p * a.length)];
console.log('cpu p50', q(cpus, 0.5), 'p95', q(cpus, 0.95), 'p99', q(cpus, 0.99));
let resets = 0; for (let i = 1; i < took.length; i++) if (took[i]!.wal < took[i - 1]!.wal) resets++;
console.log('wal', took.at(-1)!.wal, 'max', Math.max(...took.map((x) => x.wal)), 'resets', resets);
const f = openSync(join(d, 'x'), 'w'); const raw: number[] = []; const b = Buffer.alloc(4096 * 4);
for (let i = 0; i < 500; i++) { const t = performance.now(); writeSync(f, b); fdatasyncSync(f); raw.push(performance.now() - t); }
raw.sort((a, b) => a - b); console.log('raw write+fdatasync p50', q(raw, 0.5), 'p99', q(raw, 0.99));
s.close(); await rm(d, { recursive: true });
process.exit();
