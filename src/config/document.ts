/** One YAML file: its plain value, and where in the text each part of it stands. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type Document as Yaml,
} from 'yaml'
import type { Finding } from './finding.ts'
import { conceal, reveal, type SecretsReader } from './secrets.ts'
import { unusable } from './unusable.ts'

/** The parser looks for a key a second time by comparing each with all. */
const MAX_BYTES = 262_144
/** To find what one means takes a walk through the whole file. */
const MAX_ALIASES = 100
const YAML_WORDS: Partial<Record<string, string>> = {
  DUPLICATE_KEY: 'found a key a second time, expected each key once',
}

export type Path = readonly PropertyKey[]

export interface Document {
  file: string
  /** with the secrets in it; empty files are empty mappings */
  value: unknown
  /** as written, `${NAME}` for secrets: what messages may show */
  written: unknown
  /** where a secret is missing, so that nothing else is said of it */
  unresolved: Path[]
  /** a number as it was typed ('5.50'), for figures that are shown again */
  textAt(path: Path): string | null
  /** adds a mistake at the value of a path, at its key, or as near as the file goes; the message gets the path in front */
  report(path: Path, message: string, at?: 'value' | 'key'): void
  /** the same of a value that has not the shape it must have: nothing else is told of it */
  refuse(path: Path, message: string, at?: 'value' | 'key'): void
}

/** Reads one file; mistakes of YAML itself go to `findings`, and the answer is null. */
export function readDocument(
  file: string,
  text: string,
  secret: SecretsReader,
  findings: Finding[],
): Document | null {
  const lines = new LineCounter()
  const add = (offset: number, message: string) => {
    const { line, col } = lines.linePos(offset)
    findings.push({ file, line: Math.max(line, 1), column: Math.max(col, 1), message })
  }
  if (Buffer.byteLength(text) > MAX_BYTES) {
    add(0, `found a file of ${Buffer.byteLength(text)} bytes, expected at most ${MAX_BYTES}`)
    return null
  }
  const yaml = parseDocument(conceal(text), { lineCounter: lines, prettyErrors: false, stringKeys: true })
  for (const problem of [...yaml.errors, ...yaml.warnings])
    add(problem.pos[0], YAML_WORDS[problem.code] ?? inWords(problem.message))
  if (yaml.errors.length > 0) return null
  const plain = plainValue(yaml, add)
  if (plain === undefined) return null
  const { value, written, missing } = reveal(plain, secret)
  const refused = new Set<string>()
  const told = new Set<string>()
  const report: Document['report'] = (path, message, at = 'value') => {
    const place = path.map(String).join('.')
    const line = place === '' ? message : `${place}: ${message}`
    if (refused.has(place) || told.has(line)) return
    told.add(line)
    add(offsetOf(yaml, path, at), line)
  }
  const refuse: Document['refuse'] = (path, message, at) => {
    report(path, message, at)
    refused.add(path.map(String).join('.'))
  }
  for (const { path, message } of [...missing, ...unusable(value)]) refuse(path, message)
  const unresolved = missing.map(({ path }) => path)
  return { file, value, written, unresolved, textAt: (path) => textOf(nodeAt(yaml, path)), report, refuse }
}

/** The parser goes down a level at a time. */
function inWords(message: string): string {
  return /call stack/.test(message) ? 'found values in values in values, expected fewer levels' : message
}

function plainValue(yaml: Yaml, add: (offset: number, message: string) => void): unknown {
  let broken = false
  let count = 0
  visit(yaml, {
    Alias(_, alias) {
      const tooMany = ++count > MAX_ALIASES
      if (!tooMany && alias.resolve(yaml)) return
      broken = true
      const expected = tooMany ? `at most ${MAX_ALIASES} of them` : 'its anchor before it'
      add(startOf(alias) ?? 0, `found an alias, expected ${expected}`)
      return tooMany ? visit.BREAK : undefined
    },
  })
  if (broken) return undefined
  try {
    return yaml.toJS({ maxAliasCount: MAX_ALIASES }) ?? {}
  } catch (error) {
    add(0, `found aliases that multiply, expected at most ${MAX_ALIASES}: ${(error as Error).message}`)
    return undefined
  }
}

function textOf(node: unknown): string | null {
  if (!isScalar(node)) return null
  return typeof node.value === 'number' ? (node.source ?? null) : String(node.value)
}

function offsetOf(yaml: Yaml, path: Path, at: 'value' | 'key'): number {
  const parent = path.length > 0 ? nodeAt(yaml, path.slice(0, -1)) : undefined
  const pair = isMap(parent) ? pairOf(parent.items, path.at(-1)) : undefined
  if (at === 'key' && pair) return startOf(pair.key) ?? 0
  const start = startOf(nodeAt(yaml, path))
  if (start !== undefined) return start
  return path.length > 0 ? offsetOf(yaml, path.slice(0, -1), 'key') : 0
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0]
}

function nodeAt(yaml: Yaml, path: Path): unknown {
  let node: unknown = yaml.contents
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(yaml)
    if (isMap(node)) node = pairOf(node.items, step)?.value
    else if (isSeq(node)) node = node.items[Number(step)]
    else return undefined
  }
  return node
}

function pairOf(items: readonly Pair[], key: unknown): Pair | undefined {
  return items.find((pair) => isScalar(pair.key) && pair.key.value === key)
}
