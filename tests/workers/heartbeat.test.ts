import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { Config } from '../../src/config.ts'
import type { Check } from '../../workers/health.ts'
import { openHeartbeat } from '../../workers/heartbeat.ts'
import { type Destination, startDestination } from '../pipeline/destination.ts'

const fine: Check = async () => {}

function open(somebody: Destination, checks: Record<string, Check>) {
  const log: string[] = []
  const heartbeat = { url: `${somebody.url}/secret-path`, every_ms: 60_000 }
  const config = { heartbeat, network: { allow_private: ['127.0.0.0/8'] } } as unknown as Config
  const context = {
    config,
    log: pino({}, { write: (line: string) => log.push(JSON.parse(line).msg) }),
    life: new AbortController().signal,
  }
  return { beating: openHeartbeat(context, checks) as AsyncDisposable, log }
}

test('a sign of life goes out while everything is well', async () => {
  await using somebody = await startDestination()
  const { beating, log } = open(somebody, { database: fine, queue: fine, schedule: fine })
  await expect.poll(() => somebody.received.length).toBeGreaterThan(0)
  await beating[Symbol.asyncDispose]()
  expect(somebody.received.map(({ path }) => path)).toEqual(['/hook/secret-path'])
  expect(log).toEqual([])
})

test('it stays away when a part is ill, and the log says which', async () => {
  await using somebody = await startDestination()
  const ill: Check = async () => {
    throw new Error('no answer')
  }
  const { beating, log } = open(somebody, { database: fine, queue: ill, schedule: fine })
  await expect.poll(() => log.length).toBeGreaterThan(0)
  await beating[Symbol.asyncDispose]()
  expect(somebody.received).toEqual([])
  expect(log).toEqual(['heartbeat failed: not sent, queue: no answer'])
})

test('that nobody takes it is logged without its address', async () => {
  await using somebody = await startDestination()
  somebody.react({ status: 404 })
  const { beating, log } = open(somebody, { database: fine })
  await expect.poll(() => log.length).toBeGreaterThan(0)
  await beating[Symbol.asyncDispose]()
  expect(log[0]).toMatch(/^heartbeat failed: 127\.0\.0\.1:\d+ answered 404$/)
})

test('none is sent where none is configured', () => {
  const context = {
    config: { heartbeat: null } as Config,
    log: pino({ level: 'silent' }),
    life: AbortSignal.abort(),
  }
  expect(openHeartbeat(context, {})).toBeNull()
})
