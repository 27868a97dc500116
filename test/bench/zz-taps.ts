import { assembleDemo } from '../testbed/demo-hall.ts';
import { startKiosk } from './kiosk-stage.ts';
import { measureTaps } from './tap-to-paint.ts';
import { measureTicketByte } from './ticket-byte.ts';
import { say } from './figure.ts';
const demo = await assembleDemo({ say });
const k = await startKiosk(demo);
await k.glass.attractPainted();
try {
  console.log(await measureTaps(k));
  console.log(await measureTicketByte(k));
} catch (e) {
  console.log(e);
  await k.glass.page.screenshot({ path: '/tmp/bench.png' });
}
await k.stop();
await demo.stop();
process.exit();
