/** A schema held against a document: every mistake becomes a finding with its place. */
import type { z } from 'zod'
import { didYouMean } from '../nearest.ts'
import type { Document, Path } from './document.ts'
import { keysAt } from './keys.ts'

type Issue = z.core.$ZodIssue

/**
 * The validated value of a file. Mistakes are reported, and what they stand in (a pair, a rule) is left out, so that the rest
 * of the file is still checked; null where nothing is left to go on with.
 */
export function check<S extends z.ZodType>(schema: S, document: Document): z.output<S> | null {
  const first = schema.safeParse(document.value)
  if (first.success) return first.data
  reportIssues(first.error.issues, schema, document)
  const rest = schema.safeParse(without(document.value, first.error.issues))
  return rest.success ? rest.data : null
}

/** The same for a part of a document that has a schema of its own; its values may be secrets and are not shown. */
export function checkPart<T>(schema: z.ZodType<T>, value: unknown, document: Document, path: Path): T | null {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  reportIssues(parsed.error.issues, schema, document, path, true)
  return null
}

/** The names of a section as written, valid or not: what a reference may mean. */
export function namesIn(document: Document | undefined, section: string): string[] {
  const value = at(document?.written, [section])
  return typeof value === 'object' && value !== null ? Object.keys(value) : []
}

function reportIssues(
  issues: readonly Issue[],
  schema: z.ZodType,
  document: Document,
  base: Path = [],
  secret = false,
) {
  for (const issue of issues.flatMap(likeliest)) {
    const path = [...base, ...issue.path]
    if (document.unresolved.some((missing) => missing.every((step, i) => step === path[i]))) continue
    if (issue.code === 'unrecognized_keys') {
      const known = keysAt(schema, issue.path)
      for (const key of issue.keys) {
        const expected =
          known.length > 0 ? `expected one of ${known.join(', ')}` : 'expected nothing of this name'
        document.report(
          [...path, key],
          `${where(path)}unknown key "${key}", ${expected}${didYouMean(key, known)}`,
          'key',
        )
      }
    } else {
      document.report(path, `${where(path)}${problem(issue, at(document.written, path), secret)}`)
    }
  }
}

function problem(issue: Issue, found: unknown, secret: boolean): string {
  if (issue.code === 'invalid_key') return problem(issue.issues[0] as Issue, issue.path.at(-1), secret)
  const told = `found ${shown(found, secret)}`
  if (found === undefined) return `missing, ${expectation(issue)}`
  if (issue.code === 'invalid_value' && typeof found === 'string' && !secret) {
    return `${told}, ${expectation(issue)}${didYouMean(found, issue.values.map(String))}`
  }
  return `${told}, ${expectation(issue)}`
}

function expectation(issue: Issue): string {
  if (issue.message.startsWith('expected ')) return issue.message
  if (issue.code === 'invalid_type') return `expected ${KINDS[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_value')
    return `expected ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`
  return issue.message
}

const KINDS: Record<string, string> = {
  object: 'a mapping of names to values',
  record: 'a mapping of names to values',
  array: 'a list',
  tuple: 'a list',
  string: 'text',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
}

/** Of a union, the mistakes of the form that was probably meant: the one that was understood deepest. */
function likeliest(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.message.startsWith('expected ')) return [issue]
  const depth = (form: Issue[]) =>
    Math.max(...form.map((one) => one.path.length + (one.code === 'unrecognized_keys' ? 1 : 0)))
  const [best] = issue.errors.toSorted((a, b) => depth(b) - depth(a))
  if (!best) return [issue]
  return best.flatMap((one) => likeliest({ ...one, path: [...issue.path, ...one.path] } as Issue))
}

function shown(value: unknown, secret: boolean): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (secret && typeof value === 'string') return 'a text that is not shown'
  return typeof value === 'string' ? `"${value.slice(0, 60)}"` : String(value)
}

function where(path: Path): string {
  return path.length === 0 ? '' : `${path.map(String).join('.')}: `
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[step],
    value,
  )
}

/** A copy without the entries (a pair, a rule, an unknown key) in which there is a mistake. */
function without(value: unknown, issues: readonly Issue[]): unknown {
  const copy = structuredClone(value)
  for (const issue of issues) {
    const paths =
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]
    for (const path of paths) {
      const entry = path.slice(0, 2)
      const parent = at(copy, entry.slice(0, -1))
      if (typeof parent === 'object' && parent !== null) Reflect.deleteProperty(parent, entry.at(-1) ?? '')
    }
  }
  return copy
}
