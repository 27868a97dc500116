// One share of the flips, in a process of its own: a flip that brings SQLite down takes only this one along, and is seen.

import { flipSome } from './bitflips.ts';

const [from = 0, to = 0, seed = 0] = process.argv.slice(2).map(Number);
const report = flipSome(from, to, seed, (done) => void (done % 100 === 0 && process.send?.({ done })));
process.send?.({ report }, () => process.disconnect());
