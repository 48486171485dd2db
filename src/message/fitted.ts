import type { Message } from '../channels/channel.ts'
import { cut } from '../text.ts'

const STEPS = [
  { points: 2_000, items: 50 },
  { points: 250, items: 20 },
  { points: 80, items: 5 },
]

/**
 * JSON of a message in at most `max_bytes`. One that is too long keeps every key: its longest texts and lists are
 * cut, and `data.truncated` says so.
 */
export function fitted(message: Message, max_bytes: number): string {
  const whole = JSON.stringify(message)
  if (Buffer.byteLength(whole) <= max_bytes) return whole
  const shortened = { ...message, data: { ...message.data, truncated: true } }
  for (const { points, items } of STEPS) {
    const json = JSON.stringify(shortened, (_key, value: unknown) => {
      if (typeof value === 'string') return cut(value, points)
      return Array.isArray(value) ? value.slice(0, items) : value
    })
    if (Buffer.byteLength(json) <= max_bytes) return json
  }
  throw new RangeError(`a message of type ${message.type} cannot be cut to ${max_bytes} bytes`)
}
