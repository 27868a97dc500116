// The rounds on one kind of small disk, in a process of its own.

import { fillDisks } from './disk-full.ts';
import { smallDiskKinds } from './small-disk.ts';

const [wanted, rounds, seed] = process.argv.slice(2);
const kind = smallDiskKinds.find((one) => one === wanted);
if (!kind) throw new Error(`there is no kind of disk "${wanted}"`);
process.stdout.write(JSON.stringify(fillDisks(kind, Number(rounds), Number(seed))));
