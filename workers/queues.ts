/** The queue: it wakes workers and holds nothing but ids. Losing it delays work until the next sweep. */
import type { JobsOptions, KeepJobs } from 'bullmq'
import type { Log } from '../src/log.ts'
import type { Backend, JobQueue, JobWorker } from './backend.ts'
import { openOutage } from './outage.ts'

/** What each kind of job carries. `slot` is an ISO instant: when the schedule said that the feed is due. */
export interface Jobs {
  poll: { feed: string; slot: string }
  evaluate: { pair: string }
  deliver: { delivery: string; channel: string; urgent: boolean }
}
export type JobKind = keyof Jobs

export interface Tally {
  completed: number
  failed: number
}

export interface Queues extends AsyncDisposable {
  kind: 'postgres' | 'redis'
  /** Throws within seconds when the queue is away. A job that is there already is not added again. */
  add<K extends JobKind>(kind: K, data: Jobs[K]): Promise<void>
  /** Runs `handler` for every job of a kind, at most `concurrency` at a time; what it throws is logged. */
  work<K extends JobKind>(kind: K, handler: (data: Jobs[K]) => Promise<void>, concurrency: number): void
  /** throws when the queue does not answer */
  check(): Promise<void>
  /** jobs that this process has run since it started */
  done: Record<JobKind, Tally>
  /** jobs by kind and state */
  counts(): Promise<Record<JobKind, Record<string, number>>>
  /** takes no new job and waits for those that run; safe to call twice */
  stop(): Promise<void>
}

export interface QueueAddress {
  redisUrl?: string | undefined
  databaseUrl: string
  migrate: boolean
  log: Log
}

// A killed worker's job is taken over when its lock has run out.
const LOCK = { lockDuration: 15_000, stalledInterval: 5_000, runRetryDelay: 1_000 }

/** A worker of BullMQ begins its second job when it has fetched the third: polls of one moment must begin together. */
const WORKERS: Record<JobKind, number> = { poll: 3, evaluate: 1, deliver: 1 }

/** Opens the queue on Redis where there is one, else in Postgres. Throws a UserError (69) when it is away. */
export async function openQueues(address: QueueAddress): Promise<Queues> {
  const { log } = address
  const backend = await openBackend(address)
  const outage = openOutage(log, `the queue (${backend.kind})`, backend.restore)
  const queues = byKind((kind): JobQueue => backend.openQueue(`metalgap-${kind}`))
  for (const queue of Object.values(queues)) queue.on('error', outage.report)
  const done = byKind(() => ({ completed: 0, failed: 0 }))
  const workers: JobWorker[] = []
  let stopped: Promise<unknown> | undefined
  const stop = async () => {
    stopped ??= Promise.all(workers.map((worker) => worker.close()))
    await stopped
  }
  return {
    kind: backend.kind,
    done,
    async add(kind, data) {
      try {
        await queues[kind].add(kind, data, options(kind, data, backend.keep))
      } catch (error) {
        outage.report(error as Error)
        throw error
      }
    },
    work(kind, handler, concurrency) {
      const processor = observed(kind, handler, done[kind], log)
      for (const own of shares(concurrency, WORKERS[kind])) {
        const worker = backend.openWorker(`metalgap-${kind}`, processor, { concurrency: own, ...LOCK })
        worker.on('error', outage.report)
        workers.push(worker)
      }
    },
    async check() {
      const reason = outage.reason()
      if (reason !== null) throw new Error(reason)
      await queues.poll.getJobCounts('waiting')
    },
    counts: () => countsOf(queues),
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
      outage[Symbol.dispose]()
      await Promise.all(Object.values(queues).map((queue) => queue.close()))
      await backend.close()
    },
  }
}

/** Only the driver that is used is loaded. */
async function openBackend({ redisUrl, databaseUrl, migrate }: QueueAddress): Promise<Backend> {
  if (redisUrl) return (await import('./backend-redis.ts')).openRedisBackend(redisUrl)
  return (await import('./backend-postgres.ts')).openPostgresBackend(databaseUrl, migrate)
}

/** `total` as evenly as may be over at most `most`, none of them 0. */
function shares(total: number, most: number): number[] {
  const parts = Math.min(total, most)
  return Array.from({ length: parts }, (_, i) => Math.floor((total + i) / parts))
}

function byKind<T>(make: (kind: JobKind) => T): Record<JobKind, T> {
  return { poll: make('poll'), evaluate: make('evaluate'), deliver: make('deliver') }
}

/**
 * One poll in so many removes the old ones of all: on Postgres to look for them takes a seventh of what a job takes that does
 * nothing.
 */
const TIDIES_ONE_IN = 16

/**
 * A slot is polled once: its finished job stays for a while, so that a replica that fires late is recognised. Pairs and
 * deliveries may come again as soon as their job has ended; Postgres knows whether there is anything to do.
 */
function options<K extends JobKind>(kind: K, data: Jobs[K], keep: KeepJobs): JobsOptions {
  if ('slot' in data) {
    const tidies = Math.random() * TIDIES_ONE_IN < 1
    return {
      jobId: `poll-${data.feed}-${Math.floor(Date.parse(data.slot) / 1000)}`,
      ...{ attempts: 3, backoff: { type: 'exponential', delay: 1_000 } },
      ...{ removeOnComplete: tidies && keep, removeOnFail: true },
    }
  }
  const id = 'pair' in data ? data.pair : data.delivery
  return { deduplication: { id: `${kind}-${id}` }, removeOnComplete: true, removeOnFail: true }
}

function observed<K extends JobKind>(
  kind: K,
  handler: (data: Jobs[K]) => Promise<void>,
  tally: Tally,
  log: Log,
): (job: { data: Jobs[K] }) => Promise<void> {
  return async ({ data }) => {
    try {
      await handler(data)
      tally.completed++
    } catch (error) {
      tally.failed++
      log.error({ err: error, job: data }, `${kind} failed`)
      throw error
    }
  }
}

async function countsOf(queues: Record<JobKind, JobQueue>): Promise<Record<JobKind, Record<string, number>>> {
  const count = (kind: JobKind) => queues[kind].getJobCounts('waiting', 'active', 'delayed', 'failed')
  const [poll, evaluate, deliver] = await Promise.all([count('poll'), count('evaluate'), count('deliver')])
  return { poll, evaluate, deliver }
}
