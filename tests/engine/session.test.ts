import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { always, type CalendarSpec, openCalendar, weekdaysOf } from '../../src/engine/session.ts'

const sge: CalendarSpec = {
  calendar: 'sge',
  zone: 'Asia/Shanghai',
  sessions: [
    { days: 'mon-fri', open: '09:00', close: '15:30' },
    { days: 'mon-fri', open: '20:00', close: '02:30', belongs_to: 'next' },
  ],
  closed: [
    '2026-01-01',
    '2026-01-02',
    '2026-02-16',
    '2026-02-17',
    '2026-02-18',
    '2026-02-19',
    '2026-02-20',
    '2026-02-23',
    '2026-04-06',
  ],
  valid: { from: '2025-01-01', to: '2026-12-31' },
}
const london: CalendarSpec = {
  calendar: 'london',
  zone: 'Europe/London',
  sessions: [{ days: 'mon-fri', open: '08:00', close: '17:00' }],
  closed: [],
  valid: { from: '2025-01-01', to: '2026-12-31' },
}
const spot: CalendarSpec = {
  ...london,
  calendar: 'spot',
  sessions: [
    { days: 'sun', open: '22:00', close: '24:00' },
    { days: 'mon-thu', open: '00:00', close: '24:00' },
    { days: 'fri', open: '00:00', close: '22:00' },
  ],
}

const instant = (text: string) => Date.parse(text)
/** the interval around a local time of Shanghai, in words */
function shanghai(local: string, calendar = openCalendar(sge)): string {
  return told(calendar, `${local}:00+08:00`, 8)
}
function told(calendar: ReturnType<typeof openCalendar>, text: string, hours: number): string {
  const { open, from, until } = calendar.sessionAt(instant(text))
  const say = (time: number) =>
    new Date(time + hours * 3_600_000).toISOString().slice(5, 16).replace('T', ' ')
  return `${open ? 'open' : 'closed'} ${say(from)} to ${say(until)}`
}

describe('an ordinary day in Shanghai', () => {
  test.for([
    ['2026-01-28T08:59', 'closed 01-28 02:30 to 01-28 09:00'],
    ['2026-01-28T09:00', 'open 01-28 09:00 to 01-28 15:30'],
    ['2026-01-28T15:29', 'open 01-28 09:00 to 01-28 15:30'],
    ['2026-01-28T15:30', 'closed 01-28 15:30 to 01-28 20:00'],
    ['2026-01-28T20:00', 'open 01-28 20:00 to 01-29 02:30'],
    ['2026-01-29T00:00', 'open 01-28 20:00 to 01-29 02:30'],
    ['2026-01-29T02:30', 'closed 01-29 02:30 to 01-29 09:00'],
  ] as const)('%s is %s', ([local, expected]) => {
    expect(shanghai(local)).toBe(expected)
  })
})

describe('nights, weekends and breaks', () => {
  test.for([
    ['Friday night belongs to Monday', '2026-01-30T23:00', 'open 01-30 20:00 to 01-31 02:30'],
    ['it ends on Saturday', '2026-01-31T02:29', 'open 01-30 20:00 to 01-31 02:30'],
    ['the weekend is one gap', '2026-02-01T12:00', 'closed 01-31 02:30 to 02-02 09:00'],
    ['no night on Sunday', '2026-02-01T21:00', 'closed 01-31 02:30 to 02-02 09:00'],
    ['no night on the eve of New Year', '2025-12-31T21:00', 'closed 12-31 15:30 to 01-05 09:00'],
    ['no night inside a break', '2026-02-17T21:00', 'closed 02-13 15:30 to 02-24 09:00'],
    ['the last Friday before a break has no night', '2026-02-13T21:00', 'closed 02-13 15:30 to 02-24 09:00'],
    ['Friday before a closed Monday has no night', '2026-04-03T21:00', 'closed 04-03 15:30 to 04-07 09:00'],
    ['the first day after a break has its night', '2026-02-24T21:00', 'open 02-24 20:00 to 02-25 02:30'],
  ] as const)('%s', ([, local, expected]) => {
    expect(shanghai(local)).toBe(expected)
  })

  it('a night that begins on a Sunday belongs to Monday and falls away with it', () => {
    const comex: CalendarSpec = {
      ...sge,
      zone: 'America/New_York',
      sessions: [{ days: 'sun-thu', open: '18:00', close: '17:00', belongs_to: 'next' }],
      closed: ['2026-01-19'],
    }
    const calendar = openCalendar(comex)
    expect(told(calendar, '2026-01-12T00:00:00Z', -5)).toBe('open 01-11 18:00 to 01-12 17:00')
    expect(told(calendar, '2026-01-19T00:00:00Z', -5)).toBe('closed 01-16 17:00 to 01-20 18:00')
  })
})

describe('clock changes in London', () => {
  test.for([
    ['the Friday before', '2026-03-27T12:00:00Z', 'open 03-27 08:00 to 03-27 17:00'],
    ['the Monday after, an hour earlier', '2026-03-30T12:00:00Z', 'open 03-30 07:00 to 03-30 16:00'],
    ['the Monday after summer, an hour later', '2026-10-26T12:00:00Z', 'open 10-26 08:00 to 10-26 17:00'],
    ['the gap over the change is an hour short', '2026-03-29T01:00:00Z', 'closed 03-27 17:00 to 03-30 07:00'],
  ] as const)('%s (in UTC)', ([, text, expected]) => {
    expect(told(openCalendar(london), text, 0)).toBe(expected)
  })

  it('a session that the change swallows does not exist', () => {
    const early = { ...london, sessions: [{ days: 'sun', open: '01:30', close: '02:15' }] }
    expect(told(openCalendar(early), '2026-03-29T01:20:00Z', 0)).toBe('closed 03-22 02:15 to 04-05 00:30')
  })

  it('sessions that touch are one, from Sunday night to Friday night', () => {
    expect(told(openCalendar(spot), '2026-01-28T00:00:00Z', 0)).toBe('open 01-25 22:00 to 01-30 22:00')
    expect(told(openCalendar(spot), '2026-03-30T12:00:00Z', 0)).toBe('open 03-29 21:00 to 04-03 21:00')
  })
})

describe('the span for which holidays are known', () => {
  it('ends with the local day, and nothing is open after it', () => {
    const calendar = openCalendar(sge)
    expect(calendar.valid?.to).toBe(instant('2027-01-01T00:00:00+08:00'))
    expect(calendar.sessionAt(instant('2027-01-05T10:00:00+08:00'))).toEqual({
      open: false,
      from: calendar.valid?.to,
      until: 8.64e15,
    })
    expect(calendar.sessionAt(instant('2026-12-31T10:00:00+08:00')).open).toBe(true)
  })

  it('a night of its last day is closed, because the next day is not known', () => {
    expect(shanghai('2026-12-31T21:00')).toBe('closed 12-31 15:30 to 01-01 00:00')
  })

  it('cuts a session that runs beyond it', () => {
    expect(told(openCalendar(spot), '2026-12-31T12:00:00Z', 0)).toBe('open 12-27 22:00 to 01-01 00:00')
  })

  it('before it, weekdays are all there is to go by', () => {
    expect(openCalendar(sge).sessionAt(instant('2014-01-02T10:00:00+08:00')).open).toBe(true)
    expect(openCalendar(sge).sessionAt(instant('2014-01-04T10:00:00+08:00')).open).toBe(false)
  })

  it('a venue without any session is closed as far as one looks', () => {
    const { open, from, until } = openCalendar({ ...sge, sessions: [] }).sessionAt(
      instant('2025-06-01T00:00:00Z'),
    )
    expect([open, until - from > 365 * 86_400_000]).toEqual([false, true])
  })
})

describe('always', () => {
  it('is open from the beginning to the end of time', () => {
    expect(always.sessionAt(0)).toEqual({ open: true, from: -8.64e15, until: 8.64e15 })
    expect(always.valid).toBeNull()
  })
})

describe('days', () => {
  test.for([
    ['mon-fri', [1, 2, 3, 4, 5]],
    ['sun', [0]],
    ['fri-mon', [5, 6, 0, 1]],
    ['mon, wed-thu', [1, 3, 4]],
    ['monday', null],
    ['mon-', null],
    ['mon-tue-wed', null],
    ['', null],
  ] as const)('"%s" means %s', ([text, days]) => {
    const read = weekdaysOf(text)
    expect(read && [...read]).toEqual(days)
  })

  it('that cannot be read are no days: nothing is open', () => {
    const odd = { ...sge, sessions: [{ days: 'someday', open: '09:00', close: '15:30' }] }
    expect(openCalendar(odd).sessionAt(instant('2026-01-28T04:00:00Z')).open).toBe(false)
  })
})

describe('whatever is asked', () => {
  const specs = fc.constantFrom(sge, london, spot)
  const instants = fc.integer({ min: instant('2025-01-10T00:00:00Z'), max: instant('2026-12-20T00:00:00Z') })

  it('the answer holds throughout its interval and changes at its ends', () => {
    fc.assert(
      fc.property(specs, instants, (spec, time) => {
        const { open, from, until } = openCalendar(spec).sessionAt(time)
        const openAt = (other: number) => openCalendar(spec).sessionAt(other).open
        expect(from <= time && time < until).toBe(true)
        expect([openAt(from - 1), openAt(from), openAt(until - 1), openAt(until)]).toEqual([
          !open,
          open,
          open,
          !open,
        ])
      }),
    )
  })

  it('the answer does not depend on what was asked before', () => {
    fc.assert(
      fc.property(specs, fc.array(instants, { maxLength: 20 }), (spec, times) => {
        const asked = openCalendar(spec)
        for (const time of times) expect(asked.sessionAt(time)).toEqual(openCalendar(spec).sessionAt(time))
      }),
    )
  })

  it('Shanghai agrees with a person who reads the clock on the wall', () => {
    fc.assert(
      fc.property(instants, (time) => {
        expect(openCalendar(sge).sessionAt(time).open).toBe(openByTheWall(time))
      }),
    )
  })
})

/** Shanghai has no clock changes: local time is UTC shifted by eight hours. */
function openByTheWall(time: number): boolean {
  const hour = 3_600_000
  const local = (shift: number) => new Date(time + (8 + shift) * hour)
  const clock = local(0).toISOString().slice(11, 16)
  const trades = (day: Date) =>
    day.getUTCDay() % 6 !== 0 && !sge.closed.includes(day.toISOString().slice(0, 10))
  const night = (evening: Date) => {
    const ahead = evening.getUTCDay() === 5 ? 3 : 1
    return trades(evening) && trades(new Date(evening.getTime() + ahead * 24 * hour))
  }
  if (clock >= '09:00' && clock < '15:30') return trades(local(0))
  if (clock >= '20:00') return night(local(0))
  return clock < '02:30' && night(local(-24))
}
