/** A schema held against a document: every mistake becomes a finding with its place. */
import type { z } from 'zod'
import { didYouMean } from '../nearest.ts'
import type { Document, Path } from './document.ts'
import { type Issue, likeliest, problem } from './issue.ts'
import { keysAt } from './keys.ts'

/**
 * The validated value of a file. Mistakes are reported and left out, and where that does not do, the entry (a pair, a rule) in
 * which they stand, then its section, so that the rest of the file is still checked; null where nothing is left to go on
 * with. What one entry must be in view of others is checked as it is written, so that a mistake hides no other. Of a file
 * with secrets no value is shown.
 */
export function check<S extends z.ZodType>(
  schema: S,
  document: Document,
  secret = false,
): z.output<S> | null {
  let value = document.value
  let parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  reportIssues(parsed.error.issues, schema, document, [], secret)
  for (const depth of [Number.POSITIVE_INFINITY, 2, 1]) {
    value = without(value, parsed.error.issues, depth)
    parsed = schema.safeParse(value)
    if (parsed.success) return parsed.data
  }
  return null
}

/**
 * The same for a part of a document that has a schema of its own; its values may be secrets and are not shown. In place of
 * what is wrong stands what the example says, so that the rest can still be checked.
 */
export function checkPart<T extends object>(
  schema: z.ZodType<T>,
  written: Record<string, unknown>,
  example: T,
  document: Document,
  path: Path,
): T {
  const parsed = schema.safeParse(written)
  if (parsed.success) return parsed.data
  reportIssues(parsed.error.issues, schema, document, path, true)
  const spared = schema.safeParse({ ...example, ...without(written, parsed.error.issues, 1) })
  return spared.success ? spared.data : example
}

/** The value at a path of plain data, or undefined. */
export function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[step],
    value,
  )
}

/** What a record itself holds: a name such as `constructor` finds nothing. */
export function own<T>(record: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** The names of a section as written, valid or not: what a reference may mean. */
export function namesIn(document: Document | undefined, section: string): string[] {
  const value = at(document?.written, [section])
  return typeof value === 'object' && value !== null ? Object.keys(value) : []
}

/** A reference to something that no file defines. */
export function reportUnknown(
  document: Document,
  path: Path,
  what: string,
  name: string,
  known: readonly string[],
): void {
  if (known.includes(name)) return
  const expected = known.length > 0 ? `expected one of ${known.join(', ')}` : `but no ${what} is configured`
  document.report(path, `found ${what} "${name}", ${expected}${didYouMean(name, known)}`)
}

function reportIssues(
  issues: readonly Issue[],
  schema: z.ZodType,
  document: Document,
  base: Path = [],
  secret = false,
): void {
  for (const issue of issues.flatMap(likeliest)) {
    const path = [...base, ...issue.path]
    if (issue.code !== 'unrecognized_keys') {
      const hidden = secret || path.at(-1) === 'key'
      document.refuse(
        path,
        problem(issue, at(document.written, path), hidden),
        issue.code === 'invalid_key' ? 'key' : 'value',
      )
      continue
    }
    const known = keysAt(schema, issue.path)
    for (const key of issue.keys) {
      const expected = known.length > 0 ? `one of ${known.join(', ')}` : 'nothing of this name'
      document.refuse([...path, key], `unknown key, expected ${expected}${didYouMean(key, known)}`, 'key')
    }
  }
}

/** A copy without what is wrong: each faulty value, or the whole entry above it that is `depth` names deep. */
function without<V>(value: V, issues: readonly Issue[], depth: number): V {
  const copy = structuredClone(value)
  for (const issue of issues.flatMap(likeliest)) {
    const paths =
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]
    for (const path of paths) {
      const entry = path.slice(0, depth)
      const parent = at(copy, entry.slice(0, -1))
      if (typeof parent === 'object' && parent !== null) Reflect.deleteProperty(parent, entry.at(-1) ?? '')
    }
  }
  return copy
}
