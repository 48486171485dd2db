/** An invented message of every type: templates are tried with them when they are configured. */
import type { Message } from '../channels/channel.ts'
import type { DATA } from './data.ts'
import { notice } from './notice.ts'
import { silenceMessage } from './silences.ts'
import { testMessage } from './test-message.ts'

const BREACH_ID = '00000000-0000-4000-8000-000000000000'

export function exampleOf(type: keyof typeof DATA, now: Date): Message {
  switch (type) {
    case 'feed.failing':
    case 'feed.recovered':
      return notice(type, now, {
        feed: 'example',
        series: ['example/east', 'example/west'],
        ...(type === 'feed.failing'
          ? { state: 'failing', last_error: 'example.com answered 503', failures_in_row: 3 }
          : { state: 'ok', last_error: null, failures_in_row: 0 }),
        since: hourBefore(now),
      })
    case 'policy.upcoming':
      return notice(type, now, {
        title: 'An invented suspension ends',
        date: '2026-02-05',
        days: 7,
        metals: ['silver', 'antimony'],
        source: 'https://example.com/notice',
      })
    case 'silence.ending':
    case 'silence.ended':
      return silenceMessage(type, now, {
        silence: {
          ...{ silence_id: 3, until: now, who: 'ann', reason: 'maintenance of the feed' },
          ...{ pair: null, rule: 'example-gap', metal: null, severity: null },
        },
        why: type === 'silence.ending' ? 'runs out' : 'ran out',
        breaches: [
          {
            ...{ breach_id: BREACH_ID, pair: 'example', rule: 'example-gap', metal: 'silver', unit: 'oz' },
            ...{ severity: 'warning', measure: 'as_quoted_usd', value: '6.25', raised_at: now },
          },
        ],
      })
    case 'channel.failing':
    case 'channel.disabled':
      return notice(type, now, {
        channel: 'risk',
        kind: 'webhook',
        since: now.toISOString(),
        reason: 'example.com answered 410 (gone)',
      })
    case 'delivery.dead':
      return notice(type, now, {
        delivery_id: '00000000-0000-4000-8000-000000000001',
        channel: 'risk',
        what: 'breach.raised',
        about: { breach_id: BREACH_ID, sequence: 1 },
        attempts: 10,
        reason: 'example.com answered 500',
      })
    default:
      return breachExample(type, now)
  }
}

function breachExample(type: string, now: Date): Message {
  const example = testMessage(now)
  if (type === 'channel.test') return example
  return { ...example, type, data: { ...example.data, test: false, reason: 'first' } }
}

function hourBefore(now: Date): string {
  return new Date(now.getTime() - 3_600_000).toISOString()
}
