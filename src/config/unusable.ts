/** What YAML can write and nobody can use: characters that Postgres, a header or a terminal would not take. */
import type { Path } from './document.ts'

/** every control character but those that end or indent a line */
const CONTROL = /[^\P{Cc}\t\n\r]/u

/** Where such a text stands, or a key that JavaScript keeps to itself; the messages show neither. */
export function unusable(value: unknown, path: Path = []): { path: Path; message: string }[] {
  if (typeof value === 'string') {
    if (!CONTROL.test(value) && value.isWellFormed()) return []
    return [{ path, message: 'found a control character or half a character, expected text' }]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) =>
    key === '__proto__'
      ? [{ path: [...path, key], message: 'found a key that cannot be used, expected a name' }]
      : unusable(item, [...path, key]),
  )
}
