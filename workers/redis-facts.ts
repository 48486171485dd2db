/** What doctor asks of Redis. */
import { Redis } from 'ioredis'

export interface RedisFacts {
  version: string
  /** null where the server does not tell it, as some hosted ones do not */
  maxmemory_policy: string | null
}

/** Throws what the connection throws. */
export async function redisFacts(url: string): Promise<RedisFacts> {
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    retryStrategy: null,
    commandTimeout: 5_000,
  })
  let why: Error | null = null
  redis.on('error', (error: Error) => {
    why ??= error
  })
  try {
    await redis.connect()
    const info = await redis.info()
    const said = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? null
    return { version: said('redis_version') ?? 'unknown', maxmemory_policy: said('maxmemory_policy') }
  } catch (error) {
    throw why ?? error
  } finally {
    redis.disconnect()
  }
}
