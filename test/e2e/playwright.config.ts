import { defineConfig } from '@playwright/test';

// The real product in the machine's own Chromium. One at a time: each test runs a whole hall.
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  workers: 1,
  retries: 0,
  timeout: 180_000,
  forbidOnly: true,
  outputDir: '../../.cache/e2e',
});
