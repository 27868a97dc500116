// What a citizen leaves behind: searched for in plain text in every file under the given folders, in UTF-8, UTF-16 and GB18030.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';

const largestFileBytes = 256 * 1024 * 1024;

const filesUnder = (folder: string): string[] => {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path);
    return entry.isFile() ? [path] : [];
  });
};

/** Answers `file: which secret` for every find. */
export const findLeftovers = (folders: readonly string[], secrets: readonly string[]): string[] => {
  const needles = secrets.flatMap((secret, index) =>
    [Buffer.from(secret, 'utf8'), Buffer.from(secret, 'utf16le'), iconv.encode(secret, 'gb18030')].map((bytes) => ({
      index,
      bytes,
    })),
  );
  const finds: string[] = [];
  for (const file of folders.flatMap(filesUnder)) {
    let content: Buffer;
    try {
      if (statSync(file).size > largestFileBytes) continue;
      content = readFileSync(file);
    } catch {
      // Gone in between: then nothing is left in it.
      continue;
    }
    for (const { index, bytes } of needles) if (content.includes(bytes)) finds.push(`${file}: secret ${index + 1}`);
  }
  return [...new Set(finds)];
};
