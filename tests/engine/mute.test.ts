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
    expect(until([skipped], '2026-03-29T01:20:00Z')).toBe('2026-03-29T01:45')
    expect(until([skipped], '2026-10-25T00:20:00Z')).toBe('2026-10-25T00:45')
    expect(until([skipped], '2026-10-25T01:20:00Z'), 'the hour that comes twice').toBeNull()
  })

  it('gives way to a longer one, and there may be none', () => {
    const day = { days: 'mon-sun', from: '00:00', to: '24:00', zone: 'UTC' }
    expect(until([night, { ...day, to: '12:00' }], '2026-01-30T02:00:00Z')).toBe('2026-01-30T12:00')
    expect(until([], '2026-01-30T02:00:00Z')).toBeNull()
  })
})
