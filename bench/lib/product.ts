/** The real product in this process, on an embedded Postgres in a folder of its own. */
import { join } from 'node:path'
import { readConfig } from '../../src/config.ts'
import { openLog } from '../../src/log.ts'
import { readSettings } from '../../src/settings.ts'
import { openProduct, type Product, type ProductParts } from '../../workers/product.ts'
import type { Role } from '../../workers/roles.ts'
import { type Wishes, writeConfiguration } from './configuration.ts'

export interface Bench {
  product: Product
  parts: ProductParts
}

/** `redisUrl` undefined: the queue lives in Postgres. */
export async function openBench(
  folder: string,
  wishes: Wishes,
  redisUrl: string | undefined,
  roles: readonly Role[],
): Promise<Bench> {
  const env = {
    ...{ METALGAP_CONFIG: writeConfiguration(folder, wishes), METALGAP_DATA: join(folder, 'data') },
    ...{ METALGAP_PORT: 'off', LOG_LEVEL: 'warn', REDIS_URL: redisUrl },
  }
  const settings = readSettings(env)
  const parts = {
    ...{ settings, roles, migrate: true },
    config: await readConfig(settings.config, env, new Date()),
    log: openLog(settings.logLevel, false),
    now: () => new Date(),
    life: new AbortController().signal,
  }
  return { product: await openProduct(parts), parts }
}
