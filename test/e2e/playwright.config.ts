import { defineConfig } from '@playwright/test';

// The real product in the machine's own Chromium. Two at a time: each test runs a whole hall of its own, and most of it is waiting.
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  workers: 2,
  fullyParallel: true,
  // A whole hall on a busy machine: a second try is allowed, and said in the counts.
  retries: 1,
  timeout: 180_000,
  forbidOnly: true,
  outputDir: '../../.cache/e2e',
});
