import { defineConfig } from 'vitest/config';

// Unit tests stand beside the code. They run on Node; what needs a browser is a Playwright spec in test/e2e.
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['{main,devices,kiosk-config,renderer,test}/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    env: { UV_USE_IO_URING: '0' },
  },
});
