// `node test/docs/write.ts`: writes the generated documents after a driver has changed.

import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { generatedPages } from './pages.ts';

for (const { file, text } of await generatedPages()) {
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, text);
  process.stdout.write(`${fileURLToPath(file)}\n`);
}
