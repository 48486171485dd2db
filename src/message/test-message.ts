import type { Message } from '../channels/channel.ts'
import type { BreachData } from './data.ts'

const MINUTE_MS = 60_000
const LATELY = ['4.700000', '4.650000', null, '4.800000', '4.900000', '4.912400', '6.200000', '8.000623']

/** `channel.test`: a whole invented breach, so that a receiver is tried with what it will get. */
export function testMessage(now: Date): Message & { data: BreachData } {
  const before = (minutes: number) => new Date(now.getTime() - minutes * MINUTE_MS).toISOString()
  const tick = (at: string) => ({ at, seen_at: now.toISOString() })
  return {
    type: 'channel.test',
    timestamp: now.toISOString(),
    data: {
      schema_version: 1,
      breach_id: '00000000-0000-4000-8000-000000000000',
      sequence: 1,
      reason: 'test',
      test: true,
      rule: 'example-gap',
      pair: 'example-pair',
      metal: 'silver',
      severity: 'warning',
      measure: 'as_quoted_usd',
      direction: 'above',
      value: '8.000623',
      raise: '5.50',
      clear: '5.00',
      unit: 'USD/oz',
      began_at: before(5),
      raised_at: before(0),
      peak: '8.000623',
      previous: { value: '4.912400', at: before(6) },
      recent: { from: before(360), to: before(0), values: LATELY },
      premium: {
        unit: 'USD/oz',
        as_quoted_usd: '8.000623',
        as_quoted_pct: '10.000778',
        ex_tax_usd: '-2.123343',
        ex_tax_pct: '-2.654179',
        landed_usd: null,
        landed_pct: null,
      },
      legs: {
        east: {
          series: 'example/east',
          price: '19805',
          currency: 'CNY',
          unit: 'kg',
          ...tick(before(1)),
          tick_id: '1',
          venue: 'SGE',
          zone: 'Asia/Shanghai',
          tax_basis: 'inclusive',
        },
        west: {
          series: 'example/west',
          price: '80.00',
          currency: 'USD',
          unit: 'oz',
          ...tick(before(0)),
          tick_id: '2',
          venue: 'London',
          zone: 'Europe/London',
          tax_basis: 'none',
        },
        fx: {
          series: 'example/usdcny',
          price: '7.0000',
          currency: 'CNY',
          unit: null,
          ...tick(before(0)),
          tick_id: '3',
          venue: 'CFETS',
          zone: 'Asia/Shanghai',
          tax_basis: 'none',
        },
      },
      exposures: [{ name: 'example-exposure', cost_usd: '80006.23', per: 'year' }],
    },
  }
}
