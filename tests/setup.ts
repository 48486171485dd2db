/** One embedded Postgres for the whole run, with a migrated template that every test's database is a copy of. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { TestProject } from 'vitest/node'
import { openEmbedded } from '../src/store/embedded.ts'
import { migrate } from '../src/store/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    template: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const data = mkdtempSync(join(tmpdir(), 'metalgap-tests-'))
  chmodSync(data, 0o755) // as root the server runs as another account, which must get in
  const embedded = await openEmbedded({
    data,
    log: pino({ level: 'silent' }),
    database: 'template',
    durable: false,
  })
  await migrate(embedded.url)
  project.provide('template', embedded.url)
  return async () => {
    await embedded.stop()
    rmSync(data, { recursive: true, force: true })
  }
}
