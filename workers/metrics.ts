/** What /metrics says: this process, the queue, and what the database knows of feeds, pairs, breaches, deliveries. */
import { type Metric, metricsText } from '../src/metrics.ts'
import type { Database } from '../src/store/database.ts'
import { type Figures, figures } from '../src/store/figures.ts'
import type { Clock } from './clock.ts'
import type { Queues } from './queues.ts'

export async function openMetrics(database: Database, queues: Queues, clock: Clock | null): Promise<string> {
  const [known, jobs] = await Promise.all([figures(database), queues.counts()])
  return metricsText([...ofProcess(clock), ...ofQueue(jobs, queues), ...ofFeeds(known), ...ofAlerts(known)])
}

function gauge(name: string, help: string, samples: Metric['samples']): Metric {
  return { name: `metalgap_${name}`, help, type: 'gauge', samples }
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
    {
      name: 'metalgap_jobs_total',
      help: 'Jobs that this process has run.',
      type: 'counter',
      samples: done,
    },
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
  return [
    gauge('breaches_open', 'Breaches that are raised and not cleared.', open),
    {
      name: 'metalgap_corrections_total',
      help: 'Steps of breaches that a corrected price led to.',
      type: 'counter',
      samples: corrections.map(({ kind, count }) => ({ labels: { kind }, value: count })),
    },
    gauge('deliveries', 'Deliveries that are not done, or were not sent.', [
      { labels: { state: 'pending' }, value: pending },
      { labels: { state: 'dead' }, value: dead },
      { labels: { state: 'silenced' }, value: silenced },
    ]),
  ]
}
