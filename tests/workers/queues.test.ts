import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Jobs, openQueues, type Queues } from '../../workers/queues.ts'
import { type Store, storeKinds } from './stores.ts'

const SLOT = { feed: 'lbma', slot: '2026-03-02T12:00:00.000Z' }
const DELIVERY = { delivery: '0197', channel: 'treasury', urgent: false }

describe.for(storeKinds())('the queue on $kind', ({ open }) => {
  it('hands a job to one of two workers, with the ids that it was given', async () => {
    const store = await openStore()
    const seen: Jobs['poll'][] = []
    for (const replica of [await join(store), await join(store)]) {
      replica.work('poll', async (data) => void seen.push(data), 2)
    }
    await (await join(store)).add('poll', SLOT)
    await expect.poll(() => seen).toEqual([SLOT])
  })

  it('polls a slot once however many replicas fire, also when one fires after it was polled', async () => {
    const store = await openStore()
    const replicas = [await join(store), await join(store), await join(store)]
    const seen: string[] = []
    for (const replica of replicas) replica.work('poll', async ({ slot }) => void seen.push(slot), 2)
    const later = { ...SLOT, slot: '2026-03-02T12:00:20.000Z' }
    await Promise.all(replicas.map((replica) => replica.add('poll', SLOT)))
    await expect.poll(() => seen.length).toBe(1)
    await replicas[2]?.add('poll', SLOT)
    await replicas[0]?.add('poll', later)
    await expect.poll(() => seen).toEqual([SLOT.slot, later.slot])
  })

  it('knows a delivery that waits or runs already, and takes it again once it is done', async () => {
    const store = await openStore()
    const queues = await join(store)
    const gate = Promise.withResolvers<void>()
    let begun = 0
    const handler = async () => {
      begun++
      await gate.promise
    }
    queues.work('deliver', handler, 4)
    await queues.add('deliver', DELIVERY)
    await expect.poll(() => begun).toBe(1)
    await queues.add('deliver', DELIVERY)
    gate.resolve()
    await expect.poll(() => queues.done.deliver.completed).toBe(1)
    await expect.poll(async () => (await queues.counts()).deliver['active']).toBe(0)
    expect(begun).toBe(1)
    await queues.add('deliver', DELIVERY)
    await expect.poll(() => begun).toBe(2)
  })

  it('tries a poll again that failed', async () => {
    const store = await openStore()
    const queues = await join(store)
    let tries = 0
    const handler = async () => {
      tries++
      if (tries === 1) throw new Error('the database went away')
    }
    queues.work('poll', handler, 1)
    await queues.add('poll', SLOT)
    await expect.poll(() => queues.done.poll).toEqual({ completed: 1, failed: 1 })
  })

  it('stops only when what has begun is finished, and begins nothing more', async () => {
    const store = await openStore()
    const queues = await join(store)
    const gate = Promise.withResolvers<void>()
    const seen: string[] = []
    const handler = async ({ pair }: Jobs['evaluate']) => {
      seen.push(pair)
      await gate.promise
    }
    queues.work('evaluate', handler, 1)
    await queues.add('evaluate', { pair: 'silver-live' })
    await expect.poll(() => seen).toEqual(['silver-live'])
    await queues.add('evaluate', { pair: 'gold-live' })
    const stopping = queues.stop()
    gate.resolve()
    await stopping
    expect(seen).toEqual(['silver-live'])
    const other = await join(store)
    other.work('evaluate', handler, 1)
    await expect.poll(() => seen).toEqual(['silver-live', 'gold-live'])
  })

  it('goes on by itself after it was lost whole', async () => {
    const store = await openStore()
    const queues = await join(store)
    const seen: string[] = []
    queues.work('evaluate', async ({ pair }) => void seen.push(pair), 2)
    await queues.add('evaluate', { pair: 'before' })
    await expect.poll(() => seen).toEqual(['before'])
    await store.lose()
    // what the sweep does every few seconds
    const add = () => queues.add('evaluate', { pair: 'after' }).catch(() => {})
    const seenAfter = async () => {
      await add()
      return seen
    }
    await expect.poll(seenAfter, { interval: 500 }).toContain('after')
    await queues.check()
  })

  async function openStore(): Promise<Store> {
    const store = await open()
    onTestFinished(() => store[Symbol.asyncDispose]())
    return store
  }
})

/** A process of its own would be another replica; for the queue another connection is one. */
async function join({ database, redisUrl }: Store): Promise<Queues> {
  const log = pino({ level: 'silent' })
  const queues = await openQueues({ redisUrl, databaseUrl: database.url, migrate: true, log })
  onTestFinished(() => queues[Symbol.asyncDispose]())
  return queues
}
