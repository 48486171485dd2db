/** The queue on Redis: producers fail fast, workers wait for as long as Redis is away. */
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { UserError } from '../src/errors.ts'
import type { Backend } from './backend.ts'

const PREFIX = 'metalgap'
const retryStrategy = (times: number) => Math.min(times * 200, 2_000)

/** Throws a UserError (69) when Redis cannot be reached or refuses the password. */
export async function openRedisBackend(url: string): Promise<Backend> {
  const producer = new Redis(url, {
    ...{ lazyConnect: true, enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 5_000 },
    retryStrategy,
  })
  await connect(producer, url)
  const consumer = new Redis(url, { maxRetriesPerRequest: null, retryStrategy })
  return {
    kind: 'redis',
    keep: { age: 900, count: 10_000 },
    openQueue: (name) => new Queue(name, { connection: producer, prefix: PREFIX }),
    openWorker: (name, processor, options) =>
      new Worker(name, processor, { ...options, connection: consumer, prefix: PREFIX }),
    restore: async () => {
      await producer.ping()
    },
    close: async () => {
      producer.disconnect()
      consumer.disconnect()
    },
  }
}

async function connect(redis: Redis, url: string): Promise<void> {
  let why: Error | undefined
  redis.on('error', (error) => {
    why ??= error
  })
  try {
    await redis.connect()
  } catch (error) {
    redis.disconnect()
    const { hostname, port } = new URL(url)
    const what = why?.message || (error as Error).message
    throw new UserError(
      `Redis at ${hostname}:${port || '6379'} cannot be used: ${what}. Check REDIS_URL and that the server runs.`,
      69,
      { cause: error },
    )
  }
}
