/** One configuration under fire until enough breaches were raised and cleared; then peace, and time for what is left. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { openExchanges } from '../lib/exchanges.ts'
import { openFolder } from '../lib/folder.ts'
import { writeChaosConfiguration } from './configuration.ts'
import type { Chance } from './random.ts'
import { openReceiver } from './receiver.ts'
import { openReplicas, type Replicas } from './replicas.ts'
import { openPostgres, openRedis, type RedisServer, type Server } from './servers.ts'
import { judge } from './verdict.ts'

export interface Plan {
  replicas: number
  queue: 'postgres' | 'redis'
  /** to be raised and cleared under fire */
  breaches: number
}

const FLIP_EVERY_MS = 1_300
const LONGEST_BATTLE = 700
const MINUTE = 60_000
const DAY = 1440 * MINUTE

export async function fight(plan: Plan, chance: Chance) {
  using folder = openFolder()
  await using exchanges = await openExchanges()
  await using receiver = await openReceiver(chance)
  await using postgres = await openPostgres(folder.path)
  await using redis = plan.queue === 'redis' ? await openRedis() : null
  await using database = openDatabase(postgres.url, { max: 2 })
  const env = {
    ...{ PATH: process.env['PATH'], DATABASE_URL: postgres.url, METALGAP_PORT: 'off', LOG_LEVEL: 'fatal' },
    ...{
      METALGAP_CONFIG: writeChaosConfiguration(folder.path, exchanges.url, receiver.url),
      METALGAP_DATA: folder.path,
    },
    ...(redis && { REDIS_URL: redis.url }),
  }
  await using replicas = await openReplicas(plan.replicas, env, chance)
  const faults = faultsOf({ chance, replicas, postgres, redis, database })
  const began = Date.now()
  for (let flip = 0; flip < LONGEST_BATTLE; flip++) {
    await exchanges.step()
    await Promise.all([faults.strike(), sleep(FLIP_EVERY_MS)])
    replicas.pass(chance.between(5, 60) * 1000)
    if ((await asked(database, 'cleared')) >= plan.breaches) break
  }
  const fire_seconds = Math.round((Date.now() - began) / 1000)
  receiver.heal()
  await replicas.spare()
  await settle(database, () => exchanges.step(), replicas)
  const verdict = await judge(database, receiver.books)
  const { answers, forged } = receiver
  return {
    ...{ ...plan, fire_seconds, ...verdict, forged },
    ...{ deaths: Object.fromEntries(replicas.deaths), faults: Object.fromEntries(faults.struck) },
    answers: Object.fromEntries(answers),
  }
}

interface Theatre {
  chance: Chance
  replicas: Replicas
  postgres: Server
  redis: RedisServer | null
  database: Database
}

/** Killings at random, and every few strikes something greater; at the named points replicas die by themselves. */
function faultsOf({ chance, replicas, postgres, redis, database }: Theatre) {
  const struck = new Map<string, number>()
  let strikes = 0
  const great: [string, () => Promise<void>][] = [
    ['postgres killed', () => postgres.kill()],
    ...(redis
      ? ([
          ['redis flushed', () => redis.flush()],
          ['redis killed', () => redis.kill()],
        ] as [string, () => Promise<void>][])
      : ([
          ['queue dropped', async () => void (await database.query('drop schema if exists bullmq cascade'))],
        ] as [string, () => Promise<void>][])),
  ]
  return {
    struck,
    async strike() {
      strikes++
      if (chance.next() < 0.2) replicas.kill()
      if (strikes % 7 !== 5) return
      const [name, act] = great[Math.floor(strikes / 7) % great.length] as [string, () => Promise<void>]
      struck.set(name, (struck.get(name) ?? 0) + 1)
      await act().catch((error: Error) => console.error(`${name}: ${error.message}`))
    },
  }
}

const asked = async (database: Database, what: 'cleared' | 'open' | 'pending' | 'dead'): Promise<number> => {
  const sql = {
    cleared: 'select count(*) from metalgap.breaches where cleared_at is not null',
    open: 'select count(*) from metalgap.breaches where cleared_at is null',
    pending: "select count(*) from metalgap.deliveries where state = 'pending'",
    dead: "select count(*) from metalgap.deliveries where state = 'dead'",
  }[what]
  try {
    return (await database.query<{ count: number }>(sql)).rows[0]?.count ?? 0
  } catch {
    return what === 'cleared' ? 0 : 1 // the database is being killed
  }
}

/** The market calms down, and days go by until nothing is pending. */
async function settle(database: Database, step: () => Promise<void>, replicas: Replicas): Promise<void> {
  for (let look = 0; look < 90; look++) {
    await sleep(2_000)
    if ((await asked(database, 'open')) > 0) {
      // what was shown last must be polled before the next is shown
      if (look % 4 === 3) await step()
    } else if ((await asked(database, 'pending')) === 0) return
    replicas.pass(look % 5 === 4 ? DAY : MINUTE)
  }
}
