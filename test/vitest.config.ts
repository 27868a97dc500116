import { defineConfig } from 'vitest/config';

// Unit tests stand beside the code. They run on Node; what needs a browser is a Playwright spec in test/e2e.
/** Real processes, ttys, disks and HTTP, and the long campaigns: `npm test` runs them, `npm run check` leaves them out. */
const thorough = [
  'test/testbed/**',
  'main/host/conformance*.test.ts',
  'main/host/bundle.test.ts',
  'main/store/crash.test.ts',
  'main/store/hall.test.ts',
  'main/sync/sender.test.ts',
  'kiosk-config/catalogue/load.test.ts',
  'renderer/ui/keyboard/pinyin-properties.test.ts',
  'renderer/citizen/materials/find-page.test.ts',
  'devices/**/*codec*.test.ts',
  'devices/**/tcp.test.ts',
  'devices/**/links.test.ts',
  'devices/**/on-the-wire.test.ts',
  'devices/id-card-reader/photo-decoder.test.ts',
  'devices/locker/soak.test.ts',
  'test/faults/**',
];

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['{main,devices,kiosk-config,renderer,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', ...(process.env['HALL_KIOSK_QUICK'] === '1' ? thorough : [])],
    environment: 'node',
    pool: 'forks',
    // Files share their worker: starting a hundred processes would take longer than the tests.
    isolate: false,
    maxWorkers: 2,
    testTimeout: 60_000,
    env: { UV_USE_IO_URING: '0' },
  },
});
