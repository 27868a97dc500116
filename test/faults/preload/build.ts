// Compiles a library that stands before libc in another process: one C file of a campaign, with watched-files.h in it.

import { execFileSync, spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const hasCompiler = (): boolean => spawnSync('cc', ['--version'], { stdio: 'ignore' }).status === 0;

/** Answers with what LD_PRELOAD is to name: a file in `folder`. */
export const buildPreload = (source: URL, folder: string): string => {
  const path = fileURLToPath(source);
  const library = join(folder, `${basename(path, '.c')}.so`);
  execFileSync('cc', ['-O2', '-shared', '-fPIC', '-o', library, path, '-ldl', '-lpthread']);
  return library;
};
