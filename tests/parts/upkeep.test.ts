import { expect, test } from 'vitest'
import { always, openCalendar } from '../../src/engine/session.ts'
import { sessionsOf, upkeep } from '../../src/sweep/upkeep.ts'
import { silverAnd } from '../config/mistakes.ts'
import { configFrom } from '../config.ts'
import { freshDatabase } from '../database.ts'

const at = (text: string) => Date.parse(text)
const sge = openCalendar({
  calendar: 'sge',
  zone: 'Asia/Shanghai',
  sessions: [{ days: 'mon-fri', open: '09:00', close: '15:30', belongs_to: 'same' }],
  closed: ['2026-03-04'],
  valid: { from: '2026-01-01', to: '2026-12-31' },
})

test('sessions are cut to the span, and a holiday has none', () => {
  const sessions = sessionsOf('sge', sge, at('2026-03-02T02:00:00Z'), at('2026-03-05T02:00:00Z'))
  expect(sessions.map(({ open, close }) => [open.toISOString(), close.toISOString()])).toEqual([
    ['2026-03-02T02:00:00.000Z', '2026-03-02T07:30:00.000Z'],
    ['2026-03-03T01:00:00.000Z', '2026-03-03T07:30:00.000Z'],
    ['2026-03-05T01:00:00.000Z', '2026-03-05T02:00:00.000Z'],
  ])
})

test('a venue that never closes has one session: the span', () => {
  const [from, to] = [at('2026-03-02T00:00:00Z'), at('2026-03-03T00:00:00Z')]
  expect(sessionsOf('always', always, from, to)).toEqual([
    { calendar: 'always', open: new Date(from), close: new Date(to) },
  ])
})

test('partitions are made ahead over a change of year, and doing it again changes nothing', async () => {
  await using database = await freshDatabase()
  const context = {
    database,
    config: await configFrom(silverAnd({})),
    now: () => new Date('2030-11-30T12:00:00Z'),
  }
  const facts = async () => {
    const partitions = await database.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits
       where inhparent = 'metalgap.ticks'::regclass and inhrelid::regclass::text ~ '203[01]' order by 1`,
    )
    const sessions = await database.query<{ count: number }>('select count(*) from metalgap.sessions')
    return { partitions: partitions.rows.map(({ name }) => name), sessions: sessions.rows[0]?.count }
  }
  await upkeep(context)
  const first = await facts()
  expect(first.partitions.map((name) => name.replaceAll(/\D/g, ''))).toEqual(
    expect.arrayContaining(['203011', '203012', '203101', '203102']),
  )
  await upkeep(context)
  expect(await facts()).toEqual(first)
})
