import { measureHostTicketByte } from './zz-prof.ts';
console.log(await measureHostTicketByte()); process.exit();
