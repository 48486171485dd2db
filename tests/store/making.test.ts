import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'

const EMBEDDED = new URL('../../src/store/embedded.ts', import.meta.url).href
// a program that ends in its own time when it is asked to, as the product does
const PROGRAM = `
  import { openEmbedded } from ${JSON.stringify(EMBEDDED)}
  process.on('SIGINT', () => {})
  await using server = await openEmbedded({ data: process.argv[1], durable: false, log: { info() {}, warn() {}, debug() {} } })
`

test('Ctrl-C while the database is made is for us, and does not spoil it', async () => {
  const data = mkdtempSync(join(tmpdir(), 'metalgap-making-'))
  chmodSync(data, 0o755)
  const program = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, data], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const told = program.stderr.toArray()
  const postgres = join(data, 'postgres')
  const isMaking = () =>
    existsSync(postgres) && readdirSync(postgres).some((name) => name.startsWith('cluster.new-'))
  const exited = once(program, 'exit')
  while (!isMaking() && program.exitCode === null) await sleep(5)
  // the terminal signals the whole group; again and again, because initdb is not there from the first moment
  const group = -(program.pid as number)
  while (isMaking() && program.exitCode === null) {
    process.kill(group, 'SIGINT')
    await sleep(50)
  }
  expect([(await exited)[0], Buffer.concat(await told).toString()]).toEqual([0, ''])
  rmSync(data, { recursive: true, force: true })
})
