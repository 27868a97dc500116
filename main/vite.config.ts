// How the processes are built: three bundles, each one file. Packages stay outside (node_modules goes into the package as it is,
// native modules among them); only the house's own code is bundled.
//
//   main/host/main.ts              ─▶ dist/host/main.js          + migrations/ beside it, where the store looks for them
//   main/shell/electron/main.ts    ─▶ dist/electron/main.js
//   main/shell/electron/preload.ts ─▶ dist/electron/preload.cjs  CommonJS: what a sandboxed preload must be

import { cpSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig, type EnvironmentOptions, type Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const builtins = new Set([...builtinModules, 'electron']);
/** Whatever is named like a package; our own files are relative or absolute. */
const isPackage = (id: string): boolean =>
  id.startsWith('node:') || builtins.has(id) || !(id.startsWith('.') || id.startsWith('/') || /^[A-Za-z]:/.test(id));

const bundle = (input: string, dir: string, file: string, format: 'es' | 'cjs' = 'es'): EnvironmentOptions => ({
  consumer: 'server',
  build: {
    ssr: true,
    outDir: here(dir),
    // Main process and preload share a folder.
    emptyOutDir: false,
    target: 'node24',
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: here(input),
      external: isPackage,
      output: { format, entryFileNames: file, codeSplitting: false },
    },
  },
});

/** The store reads its migrations beside its own code. */
const migrations = (): Plugin => ({
  name: 'hall-kiosk-migrations',
  applyToEnvironment: ({ name }) => name === 'host',
  writeBundle: ({ dir }) =>
    cpSync(here('store/migrations'), `${dir}/migrations`, {
      recursive: true,
      filter: (path) => !/\.[a-z]+$/.test(path) || path.endsWith('.sql'),
    }),
});

export default defineConfig({
  root: here('.'),
  cacheDir: here('../.cache/vite-main'),
  publicDir: false,
  plugins: [migrations()],
  environments: {
    host: bundle('host/main.ts', '../dist/host', 'main.js'),
    electron: bundle('shell/electron/main.ts', '../dist/electron', 'main.js'),
    preload: bundle('shell/electron/preload.ts', '../dist/electron', 'preload.cjs', 'cjs'),
  },
  builder: {
    async buildApp(builder) {
      for (const name of ['host', 'electron', 'preload']) {
        const environment = builder.environments[name];
        if (environment) await builder.build(environment);
      }
    },
  },
});
