/** The mistakes that zod finds, in the words of a person. */
import type { z } from 'zod'
import { didYouMean } from '../nearest.ts'

export type Issue = z.core.$ZodIssue

/** What was found and what was expected; a secret is never shown. */
export function problem(issue: Issue, found: unknown, secret: boolean): string {
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
  const format = issue.code === 'invalid_format' ? FORMATS[issue.format] : undefined
  return format !== undefined && issue.message.startsWith('Invalid') ? `expected ${format}` : issue.message
}

const FORMATS: Record<string, string> = {
  url: 'a url such as https://host/path',
  email: 'an e-mail address',
}

const KINDS: Record<string, string> = {
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  tuple: 'a list',
  string: 'text',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
}

/** Of a union, the mistakes of the form that was probably meant: the one that was understood deepest. */
export function likeliest(issue: Issue): Issue[] {
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
  if (secret) return 'a value that is not shown'
  return typeof value === 'string' ? `"${value.slice(0, 60)}"` : String(value)
}
