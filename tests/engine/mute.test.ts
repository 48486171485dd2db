import { describe, expect, it } from 'vitest'
import { type MuteWindow, mutedUntil } from '../../src/engine/mute.ts'

const night: MuteWindow = { days: 'mon-fri', from: '22:00', to: '07:00', zone: 'Europe/London' }
const until = (windows: MuteWindow[], time: string) => {
  const end = mutedUntil(windows, Date.parse(time))
  return end === null ? null : new Date(end).toISOString().slice(0, 16)
}

describe('a mute window', () => {
  it('holds from its beginning to its end, over midnight where its end is not later', () => {
    expect(until([night], '2026-01-29T21:59:59Z')).toBeNull()
    expect(until([night], '2026-01-29T22:00:00Z')).toBe('2026-01-30T07:00')
    expect(until([night], '2026-01-30T06:59:59Z')).toBe('2026-01-30T07:00')
    expect(until([night], '2026-01-30T07:00:00Z')).toBeNull()
  })

  it('begins on its days only', () => {
    expect(until([night], '2026-01-31T23:00:00Z')).toBeNull()
    expect(until([night], '2026-01-31T03:00:00Z')).toBe('2026-01-31T07:00')
  })

  it('follows the clocks of its zone through their changes', () => {
    const days = 'sat-sun'
    expect(until([{ ...night, days }], '2026-03-28T22:30:00Z')).toBe('2026-03-29T06:00')
    expect(until([{ ...night, days }], '2026-10-24T21:30:00Z')).toBe('2026-10-25T07:00')
    const skipped = { days, from: '01:15', to: '01:45', zone: 'Europe/London' }
    expect(until([skipped], '2026-10-25T00:20:00Z')).toBe('2026-10-25T00:45')
    expect(until([skipped], '2026-10-25T01:20:00Z'), 'the hour that comes twice').toBeNull()
  })

  it.each([
    ['begins in it', 'Europe/London', '01:30', '06:00', '2026-03-29T01:00', '2026-03-29T05:00'],
    ['ends in it', 'Europe/London', '22:00', '01:30', '2026-03-28T22:00', '2026-03-29T01:00'],
    ['is all of it', 'Europe/London', '01:00', '02:00', '2026-03-29T01:00', '2026-03-29T02:00'],
    ['lies within it', 'Europe/London', '01:15', '01:45', '2026-03-29T01:00', '2026-03-29T01:30'],
    [
      'begins in it, where it is half an hour',
      'Australia/Lord_Howe',
      '02:15',
      '03:00',
      '2026-10-03T15:30',
      '2026-10-03T16:00',
    ],
    [
      'begins in it, where it is at midnight',
      'Africa/Cairo',
      '00:00',
      '06:00',
      '2026-04-23T22:00',
      '2026-04-24T03:00',
    ],
    [
      'begins before it, at an odd offset',
      'America/St_Johns',
      '01:00',
      '04:00',
      '2026-03-08T04:30',
      '2026-03-08T06:30',
    ],
  ])(
    'that %s, the hour that the clocks skip, begins and ends with the first moment after it',
    (_, zone, from, to, begins, ends) => {
      const window = { days: 'mon-sun', from, to, zone }
      expect(until([window], `${begins}:00Z`)).toBe(ends)
      expect(until([window], new Date(Date.parse(`${begins}:00Z`) - 1).toISOString())).toBeNull()
      expect(until([window], `${ends}:00Z`)).toBeNull()
    },
  )

  it('holds whenever the clock on the wall says so, but not again in an hour that comes twice', () => {
    const zones = [
      'Europe/London',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'Pacific/Chatham',
      'Africa/Cairo',
    ]
    const windows = [
      ['22:00', '07:00'],
      ['01:10', '02:40'],
      ['00:00', '24:00'],
      ['02:45', '02:50'],
    ] as const
    const year = Date.parse('2026-01-01T00:07:00Z')
    const instants = Array.from({ length: 8_600 }, (_, i) => year + i * 61 * 60_000)
    for (const zone of zones) {
      const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' })
      const walls = instants.map((instant) => clock.format(instant))
      for (const [from, to] of windows) {
        const window = { days: 'mon-sun', from, to, zone }
        const says = (wall: string) => (from < to ? wall >= from && wall < to : wall >= from || wall < to)
        const other = walls.filter(
          (wall, i) => says(wall) !== (mutedUntil([window], instants[i] as number) !== null),
        )
        const most = from === '00:00' ? 0 : 2
        expect(other.length, `${zone} ${from} to ${to}: ${other.join(', ')}`).toBeLessThanOrEqual(most)
      }
    }
  })

  it('gives way to a longer one, and there may be none', () => {
    const day = { days: 'mon-sun', from: '00:00', to: '24:00', zone: 'UTC' }
    expect(until([night, { ...day, to: '12:00' }], '2026-01-30T02:00:00Z')).toBe('2026-01-30T12:00')
    expect(until([], '2026-01-30T02:00:00Z')).toBeNull()
  })
})
