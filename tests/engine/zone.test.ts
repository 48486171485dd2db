import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  DAY_MS,
  dateIn,
  dateText,
  dayNumber,
  instantOf,
  isZone,
  localDay,
  offsetAt,
  weekdayOf,
} from '../../src/engine/zone.ts'

const iso = (instant: number) => new Date(instant).toISOString()
const at = (text: string) => Date.parse(text)

describe('the local date', () => {
  test.for([
    ['Asia/Shanghai', '2026-01-29T15:59:59.999Z', '2026-01-29'],
    ['Asia/Shanghai', '2026-01-29T16:00:00Z', '2026-01-30'],
    ['Europe/London', '2026-07-01T22:59:59Z', '2026-07-01'],
    ['Europe/London', '2026-07-01T23:00:00Z', '2026-07-02'],
    ['America/New_York', '2026-01-02T04:59:59Z', '2026-01-01'],
    ['UTC', '1969-12-31T23:59:59Z', '1969-12-31'],
  ] as const)('in %s at %s is %s', ([zone, instant, date]) => {
    expect(dateIn(zone, at(instant))).toBe(date)
  })

  it('is right on both sides of a clock change within one day', () => {
    expect(offsetAt('Europe/London', at('2026-03-29T00:59:59Z'))).toBe(0)
    expect(offsetAt('Europe/London', at('2026-03-29T01:00:00Z'))).toBe(3_600_000)
    expect(dateIn('Europe/London', at('2026-03-29T23:00:00Z'))).toBe('2026-03-30')
    expect(dateIn('Europe/London', at('2026-10-25T23:30:00Z'))).toBe('2026-10-25')
  })
})

describe('the instant of a local time', () => {
  test.for([
    ['Asia/Shanghai', '2026-01-29', '15:30', '2026-01-29T07:30:00.000Z'],
    ['Europe/London', '2026-01-29', '12:00', '2026-01-29T12:00:00.000Z'],
    ['Europe/London', '2026-07-29', '12:00', '2026-07-29T11:00:00.000Z'],
    ['Europe/London', '2026-03-28', '12:00', '2026-03-28T12:00:00.000Z'],
    ['Europe/London', '2026-03-29', '12:00', '2026-03-29T11:00:00.000Z'],
    ['Europe/London', '2026-03-29', '00:30', '2026-03-29T00:30:00.000Z'],
    ['Europe/London', '2026-10-25', '12:00', '2026-10-25T12:00:00.000Z'],
    ['Europe/London', '2026-10-25', '24:00', '2026-10-26T00:00:00.000Z'],
    ['Asia/Kolkata', '2026-01-01', '00:00', '2025-12-31T18:30:00.000Z'],
    ['America/New_York', '2026-11-01', '18:00', '2026-11-01T23:00:00.000Z'],
  ] as const)('in %s on %s at %s is %s', ([zone, date, time, instant]) => {
    expect(iso(instantOf(zone, date, time))).toBe(instant)
  })

  it('that a clock change skips is moved by as much as the clocks were', () => {
    expect(iso(instantOf('Europe/London', '2026-03-29', '01:30'))).toBe('2026-03-29T01:30:00.000Z')
  })

  it('that occurs twice is its first occurrence', () => {
    expect(iso(instantOf('Europe/London', '2026-10-25', '01:30'))).toBe('2026-10-25T00:30:00.000Z')
  })

  it('leads back to its date, in any zone and year', () => {
    const zone = fc.constantFrom('Asia/Shanghai', 'Europe/London', 'America/New_York', 'Australia/Lord_Howe')
    const day = fc.integer({ min: dayNumber('1995-01-01'), max: dayNumber('2045-12-31') })
    fc.assert(
      fc.property(zone, day, fc.integer({ min: 3, max: 23 }), (name, number, hour) => {
        const instant = instantOf(name, dateText(number), `${String(hour).padStart(2, '0')}:00`)
        expect(localDay(name, instant)).toBe(number)
        expect(instant + offsetAt(name, instant)).toBe(number * DAY_MS + hour * 3_600_000)
      }),
    )
  })
})

describe('names and numbers', () => {
  test.for([
    ['Asia/Shanghai', true],
    ['UTC', true],
    ['Asia/Shanghia', false],
    ['+08:00', false],
    ['', false],
  ] as const)('"%s" is a zone: %s', ([name, known]) => {
    expect(isZone(name)).toBe(known)
  })

  it('days have their weekdays, before 1970 too', () => {
    expect(weekdayOf(dayNumber('2026-11-22'))).toBe(0)
    expect(weekdayOf(dayNumber('1969-12-31'))).toBe(3)
  })
})
