/** What /metrics says: this process, the queue, and what the database knows of feeds, pairs, breaches, deliveries. */
import type { Database } from '../src/store/database.ts'
import { type Figures, figures } from '../src/store/figures.ts'
import type { Clock } from './clock.ts'
import type { Queues } from './queues.ts'

interface Metric {
  name: string
  help: string
  type: 'counter' | 'gauge'
  samples: { labels?: Record<string, string>; value: number }[]
}

/** Prometheus' text format. */
export async function metricsText(database: Database, queues: Queues, clock: Clock | null): Promise<string> {
  const [known, jobs] = await Promise.all([figures(database), queues.counts()])
  const metrics = [...ofProcess(clock), ...ofQueue(jobs, queues), ...ofFeeds(known), ...ofAlerts(known)]
  return metrics.map(textOf).join('')
}

function gauge(name: string, help: string, samples: Metric['samples']): Metric {
  return { name: `metalgap_${name}`, help, type: 'gauge', samples }
}

function counter(name: string, help: string, samples: Metric['samples']): Metric {
  return { name: `metalgap_${name}`, help, type: 'counter', samples }
}

function ofProcess(clock: Clock | null): Metric[] {
  const skew = clock === null ? [] : [{ value: clock.skew().ms / 1000 }]
  const started = Math.round(Date.now() / 1000 - process.uptime())
  return [
    gauge('start_time_seconds', 'When this process started.', [{ value: started }]),
    gauge('resident_memory_bytes', 'Memory of this process.', [{ value: process.memoryUsage.rss() }]),
    gauge(
      'clock_skew_seconds',
      "How far the clock of this process is ahead of the database's, negative where it is behind.",
      skew,
    ),
  ]
}

function ofQueue(counts: Awaited<ReturnType<Queues['counts']>>, queues: Queues): Metric[] {
  const waiting = Object.entries(counts).flatMap(([kind, states]) =>
    Object.entries(states).map(([state, value]) => ({ labels: { kind, state }, value })),
  )
  const done = Object.entries(queues.done).flatMap(([kind, { completed, failed }]) => [
    { labels: { kind, outcome: 'completed' }, value: completed },
    { labels: { kind, outcome: 'failed' }, value: failed },
  ])
  return [
    gauge('queue_jobs', 'Jobs in the queue.', waiting),
    counter('jobs_total', 'Jobs that this process has run.', done),
  ]
}

function ofFeeds({ feeds, comparable }: Figures): Metric[] {
  const seen = feeds.flatMap(({ feed, last_success_at }) =>
    last_success_at === null ? [] : [{ labels: { feed }, value: last_success_at.getTime() / 1000 }],
  )
  const failures = feeds.map(({ feed, failures_in_row }) => ({ labels: { feed }, value: failures_in_row }))
  const states = feeds.map(({ feed, state }) => ({ labels: { feed, state }, value: 1 }))
  const pairs = comparable.map(({ pair, comparable: yes }) => ({ labels: { pair }, value: yes ? 1 : 0 }))
  return [
    gauge('feed_last_success_timestamp_seconds', 'When the feed was last read and understood.', seen),
    gauge('feed_failures_in_row', 'Polls of the feed that failed since the last success.', failures),
    gauge('feed_state', 'How the feed is: ok, late, failing, drifted, frozen or disputed.', states),
    gauge('pair_comparable', 'Whether the pair may be compared now.', pairs),
  ]
}

function ofAlerts({ breaches, corrections, pending, dead, silenced }: Figures): Metric[] {
  const open = breaches.map(({ severity, count }) => ({ labels: { severity }, value: count }))
  const corrected = corrections.map(({ kind, count }) => ({ labels: { kind }, value: count }))
  return [
    gauge('breaches_open', 'Breaches that are raised and not cleared.', open),
    counter('corrections_total', 'Steps of breaches that a corrected price led to.', corrected),
    gauge('deliveries', 'Deliveries that are not done, or were not sent.', [
      { labels: { state: 'pending' }, value: pending },
      { labels: { state: 'dead' }, value: dead },
      { labels: { state: 'silenced' }, value: silenced },
    ]),
  ]
}

function textOf({ name, help, type, samples }: Metric): string {
  const lines = samples.map(({ labels = {}, value }) => `${name}${labelsText(labels)} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function labelsText(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
