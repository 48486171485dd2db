import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freshDatabase } from '../database.ts'
import { openSource, type Process, spawnProcess, startProcess } from './processes.ts'
import { type Store, storeKinds } from './stores.ts'

const YEARLY = '0 0 0 1 1 *'

describe.for(storeKinds())('metalgap start with its queue on $kind', ({ kind, open }) => {
  it('polls every slot once with two replicas', async () => {
    const store = await openStore()
    const source = await openSource()
    const replicas = await Promise.all([startProcess({ store, source }), startProcess({ store, source })])
    await expect.poll(() => slots(store)).toBeGreaterThan(3)
    for (const { child } of replicas) child.kill('SIGTERM')
    expect(await Promise.all(replicas.map(({ ended }) => ended))).toEqual([0, 0])
    expect(source.requests).toBe(await slots(store))
  })

  it('goes on after the queue was lost', async () => {
    const store = await openStore()
    await startProcess({ store, source: await openSource() })
    await expect.poll(() => slots(store)).toBeGreaterThan(1)
    await store.lose()
    const before = await slots(store)
    await expect.poll(() => slots(store)).toBeGreaterThan(before + 2)
  })

  it('catches up once on the slot that was missed while everything was down', async () => {
    const store = await openStore()
    const source = await openSource()
    await startProcess({ store, source, schedule: YEARLY })
    await startProcess({ store, source, schedule: YEARLY })
    await expect.poll(() => slots(store)).toBe(1)
    expect(source.requests).toBe(1)
  })

  it('says in /readyz what is wrong, and in its ready line where it works', async () => {
    const store = await openStore()
    const { port, log } = await startProcess({ store, source: await openSource() })
    expect(log()).toContain(`"queue":"${kind}"`)
    expect(log()).not.toContain('sesame')
    expect(await readyz(port)).toMatchObject([200, { ready: true, queue: { ok: true } }])
    await store.database.query('alter table metalgap.feeds rename to mislaid')
    expect(await readyz(port)).toMatchObject([503, { ready: false, database: { ok: false } }])
    await store.database.query('alter table metalgap.mislaid rename to feeds')
    expect(await readyz(port)).toMatchObject([200, { ready: true }])
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    expect(metrics).toContain('metalgap_pair_comparable{pair="silver-live"} 0')
  })

  async function openStore(): Promise<Store> {
    const store = await open()
    onTestFinished(() => store[Symbol.asyncDispose]())
    return store
  }
})

describe('signals', () => {
  it.for(['SIGTERM', 'SIGHUP'] as const)(
    'finish the poll that has begun and exit with 0 (%s)',
    async (signal) => {
      const { source, running, store } = await inTheMiddleOfAPoll()
      running.child.kill(signal)
      await expect.poll(running.log).toContain('no new work')
      source.release()
      expect(await running.ended).toBe(0)
      expect(await slots(store)).toBe(1)
    },
  )

  it.for([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('end the process at once when a second one follows (%s)', async ([signal, code]) => {
    const { running } = await inTheMiddleOfAPoll()
    running.child.kill(signal)
    // it has heard the first one; what is waited for now is a least time, which a slow machine only makes longer
    await expect.poll(running.log).toContain('no new work')
    await sleep(1_200)
    running.child.kill(signal)
    expect(await running.ended).toBe(code)
  })

  async function inTheMiddleOfAPoll() {
    const store = await openPlainStore()
    const source = await openSource()
    source.hold = true
    const running: Process = await startProcess({ store, source, schedule: YEARLY })
    await expect.poll(() => source.requests).toBe(1)
    return { store, source, running }
  }
})

it('a port that is taken is refused in words that name METALGAP_PORT', async () => {
  const store = await openPlainStore()
  const source = await openSource()
  const { port } = await startProcess({ store, source, schedule: YEARLY })
  const second = spawnProcess({ store, source, env: { METALGAP_PORT: String(port) } })
  expect(await second.ended).toBe(1)
  expect(second.log()).toMatch(/^metalgap: METALGAP_PORT \d+ .* it is in use/)
})

it('an older schema is refused with --no-migrate, and nothing is started', async () => {
  const store = await openPlainStore()
  await store.database.query('drop schema metalgap cascade')
  const running = spawnProcess({ store, source: await openSource(), args: ['--no-migrate'] })
  expect(await running.ended).toBe(1)
  expect(running.log()).toContain('Run: metalgap migrate')
})

it('a Redis that is not there is told with exit code 69 and without the password', async () => {
  const { database } = await openPlainStore()
  const store = { database, redisUrl: 'redis://:sesame@127.0.0.1:1' }
  const running = spawnProcess({ store, source: await openSource() })
  expect(await running.ended).toBe(69)
  expect(running.log()).toMatch(/Redis at 127.0.0.1:1 cannot be used.*REDIS_URL/)
  expect(running.log()).not.toContain('sesame')
})

async function openPlainStore() {
  const database = await freshDatabase()
  onTestFinished(() => database[Symbol.asyncDispose]())
  return { database, redisUrl: undefined }
}

async function slots({ database }: Pick<Store, 'database'>): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    'select count(distinct slot) from metalgap.fetches',
  )
  return rows[0]?.count ?? 0
}

async function readyz(port: number): Promise<[number, unknown]> {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`)
  return [response.status, await response.json()]
}
