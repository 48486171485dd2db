import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // what is awaited comes when it comes, also on a machine that others use: these only end what hangs
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    // a shared machine that stands still for seconds must not stop a change from landing; at the desk a test fails at once
    retry: process.env['CI'] === undefined ? 0 : 2,
    coverage: {
      provider: 'v8',
      include: ['src/engine/**/*.ts'],
      thresholds: { 100: true },
    },
  },
})
