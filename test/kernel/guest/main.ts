// Runs in the guest: plugs simulated devices into the kernel and checks what the host's device layer makes of them.

import { parseArgs } from 'node:util';
import { findRehearsals } from '../../faults/rehearsals.ts';
import { createBenches } from './benches.ts';
import { findingChecks } from './checks/finding.ts';
import { rightsChecks } from './checks/rights.ts';
import { plugChecks } from './checks/plugging.ts';
import { installRules } from './rules.ts';
import { check, choose, failures, note } from './report.ts';

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '50' },
    only: { type: 'string' },
    /** Only loads the code, so that the compile cache holds it. */
    load: { type: 'boolean', default: false },
  },
});
choose(values.only);

const rehearsals = await findRehearsals();
if (values.load) process.exit(0);
const benches = createBenches(rehearsals, note);
const rules = installRules(benches);
await check('udev takes the generated rules', () => rules());
for (const { plug } of benches) plug.plug();
await findingChecks(benches);
await rightsChecks(benches);
await plugChecks(benches, Number(values.cycles));
process.exit(failures() > 0 ? 1 : 0);
