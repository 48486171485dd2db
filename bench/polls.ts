/**
 * Polls a second of one worker process, unchanged pages and changed pages apart, on both queues, against two floors of the
 * same queue with the same options and concurrency: jobs that do nothing, and bare polls, whose jobs ask for the same page
 * and write the same rows in one transaction. And the same polls without a queue.
 * A poll is one hop through the queue: evaluation and delivery stay in the process.
 */
import { type Context, openContext } from '../src/context.ts'
import { poll } from '../src/pipeline.ts'
import { openOutbox } from '../workers/outbox.ts'
import { pollJob } from '../workers/poll.ts'
import { type Jobs, openQueues, type QueueAddress } from '../workers/queues.ts'
import { openBarePolls } from './lib/bare-polls.ts'
import { FEEDS } from './lib/configuration.ts'
import { type Exchanges, openExchanges } from './lib/exchanges.ts'
import { openFolder } from './lib/folder.ts'
import { openMachine, round, spread } from './lib/machine.ts'
import { openBench } from './lib/product.ts'
import { openRedis } from './lib/redis.ts'

const JOBS = 300
const ROUNDS = 3
const CONCURRENCY = 8
const AIM = 0.6
// simulated seconds in a second: each poll finds a later one than the poll before
const FAST = 300

type Handler = (job: Jobs['poll']) => Promise<void>

const machine = openMachine()
let lastSlot = Math.floor(Date.now() / 1000) * 1000
const postgres = await measure(undefined)
await using server = await openRedis()
const redis = server === null ? 'skipped' : await measure(server.url)
const facts = { concurrency: CONCURRENCY, aim: AIM }
console.log(JSON.stringify({ figure: 'polls', ...machine(), ...facts, postgres, redis }, undefined, 2))

async function measure(redisUrl: string | undefined) {
  using folder = openFolder()
  await using exchanges = await openExchanges()
  // bounds out of reach: nothing is raised
  const wishes = {
    exchanges: exchanges.url,
    receiver: 'http://127.0.0.1:9',
    raise: '50.00',
    clear: '49.00',
  }
  const { product, parts } = await openBench(folder.path, wishes, redisUrl, [])
  await using _product = product
  const { database } = product
  await using outbox = openOutbox({ ...parts, database })
  const context = await openContext({ ...parts, database, sender: outbox })
  const address = { redisUrl, databaseUrl: database.url, migrate: false, log: parts.log }
  const pollIt = pollJob(context, async (due) => outbox.take(due))
  await using bare = await openBarePolls(database.url, exchanges.url)
  const queued = (handler: Handler) => () => throughQueue(address, handler)
  const barely = (outcome: 'changed' | 'unchanged') => async () =>
    throughQueue(address, await bare.like(outcome))
  const { per_second, worker_ms } = await inTurn(exchanges, {
    empty: { speed: 0, run: queued(async () => {}) },
    unchanged: { speed: 0, run: queued(pollIt) },
    changed: { speed: FAST, run: queued(pollIt) },
    bare_unchanged: { speed: 0, run: barely('unchanged') },
    bare_changed: { speed: FAST, run: barely('changed') },
    unchanged_without_queue: { speed: 0, run: () => withoutQueue(context) },
    changed_without_queue: { speed: FAST, run: () => withoutQueue(context) },
  })
  const share = (name: string, floor: string) => round((per_second[name] ?? 0) / (per_second[floor] ?? 0))
  const of_empty_jobs = { unchanged: share('unchanged', 'empty'), changed: share('changed', 'empty') }
  const of_bare_polls = {
    unchanged: share('unchanged', 'bare_unchanged'),
    changed: share('changed', 'bare_changed'),
  }
  const met = ({ unchanged, changed }: typeof of_empty_jobs) => unchanged >= AIM && changed >= AIM
  return {
    per_second,
    worker_ms,
    share: { of_empty_jobs, of_bare_polls },
    met: { of_empty_jobs: met(of_empty_jobs), of_bare_polls: met(of_bare_polls) },
  }
}

interface Course {
  speed: number
  run(): Promise<Pace>
}

interface Pace {
  per_second: number
  /** processor time of this process for each job */
  worker_ms: number
}

/** The median of some rounds in which each has its turn; the first warms up. */
async function inTurn(exchanges: Exchanges, courses: Record<string, Course>) {
  const paces: Record<string, Pace[]> = {}
  for (let i = 0; i <= ROUNDS; i++) {
    for (const [name, { speed, run }] of Object.entries(courses)) {
      await exchanges.run(speed)
      const pace = await run()
      await exchanges.run(0)
      if (i > 0) paces[name] = [...(paces[name] ?? []), pace]
    }
  }
  const middle = (figure: keyof Pace) =>
    Object.fromEntries(
      Object.entries(paces).map(([name, all]) => [name, spread(all.map((pace) => pace[figure])).p50]),
    )
  return { per_second: middle('per_second'), worker_ms: middle('worker_ms') }
}

function openPace(): () => Pace {
  const began = performance.now()
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    const per_second = (JOBS / (performance.now() - began)) * 1000
    return { per_second, worker_ms: (user + system) / 1000 / JOBS }
  }
}

function nextJobs(): Jobs['poll'][] {
  return Array.from({ length: JOBS }, (_, i) => {
    if (i % FEEDS.length === 0) lastSlot += 1000
    return { feed: FEEDS[i % FEEDS.length] ?? '', slot: new Date(lastSlot).toISOString() }
  })
}

/** Jobs are put in first and then worked off, so that only that is measured, from the first job on. */
async function throughQueue(address: QueueAddress, handler: Handler): Promise<Pace> {
  await using queues = await openQueues(address)
  const jobs = nextJobs()
  for (let i = 0; i < jobs.length; i += 50)
    await Promise.all(jobs.slice(i, i + 50).map((job) => queues.add('poll', job)))
  const { promise: done, resolve } = Promise.withResolvers<Pace>()
  let left = jobs.length
  let pace: ReturnType<typeof openPace> | undefined
  queues.work(
    'poll',
    async (job) => {
      pace ??= openPace()
      await handler(job)
      if (--left === 0) resolve(pace())
    },
    CONCURRENCY,
  )
  return await done
}

async function withoutQueue(context: Context): Promise<Pace> {
  const jobs = nextJobs().values()
  const pace = openPace()
  const lane = async () => {
    for (const { feed, slot } of jobs) await poll(context, { feed, slot: new Date(slot) })
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, lane))
  return pace()
}
