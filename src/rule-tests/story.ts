/** A story of prices by the minute as it is written in YAML, and every mistake in it with its line. */
import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { at } from '../config/check.ts'
import { type Issue, likeliest, problem } from '../config/issue.ts'
import { keysAt } from '../config/keys.ts'
import { date, zone } from '../config/schema/words.ts'
import { UserError } from '../errors.ts'
import { didYouMean } from '../nearest.ts'
import { type Row, readTable } from './table.ts'

export interface Story {
  story: string
  pair: string
  /** of the first minute, in `zone` */
  date: string
  zone: string
  file: string
  /** where the pair is named, and the head of the table */
  lines: { pair: number; head: number }
  rows: Row[]
  /** what the columns between time and expect are: a series, or east, west, fx */
  columns: string[]
}

export interface StoryFile {
  file: string
  /** folder with the configuration, relative to the file; null: the one in force */
  config: string | null
  stories: Story[]
}

const shape = z.strictObject({
  config: z.string().optional(),
  stories: z
    .array(
      z.strictObject({
        story: z.string().min(1),
        pair: z.string(),
        date,
        zone: zone.default('UTC'),
        minutes: z.string(),
      }),
    )
    .min(1, 'expected at least one story'),
})

type Path = readonly PropertyKey[]

const YAML_WORDS: Partial<Record<string, string>> = {
  DUPLICATE_KEY: 'found a key a second time, expected each key once',
  MULTIPLE_DOCS: 'found a second document below ---, expected one',
}

/** Throws a UserError (2) that names every mistake with its line. */
export function readStories(file: string, text: string): StoryFile {
  const lines = new LineCounter()
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true })
  const problems: string[] = []
  const refuse = (line: number, problem: string) => problems.push(`${file}:${line}: ${problem}`)
  const lineOf = (path: Path) => lines.linePos(offsetOf(yaml, path)).line
  if (text.includes('\0')) refuse(1, 'it is not text in UTF-8')
  else
    for (const { pos, code, message } of yaml.errors)
      refuse(lines.linePos(pos[0]).line, YAML_WORDS[code] ?? message)
  stop(problems)
  const value: unknown = yaml.toJS()
  const read = shape.safeParse(value)
  if (!read.success) {
    for (const issue of read.error.issues.flatMap(likeliest)) refuseIssue(issue, value, lineOf, refuse)
    throw new UserError(problems.join('\n'), 2)
  }
  const stories = read.data.stories.map(({ minutes, ...story }, i): Story => {
    // the table of a block stands below the line of its key
    const below = lineOf(['stories', i, 'minutes']) + 1
    const { head, ...table } = readTable(minutes, below, refuse)
    return { ...story, file, lines: { pair: lineOf(['stories', i, 'pair']), head }, ...table }
  })
  stop(problems)
  return { file, config: read.data.config ?? null, stories }
}

function stop(problems: readonly string[]): void {
  if (problems.length > 0) throw new UserError(problems.join('\n'), 2)
}

/** Where a path begins, or as near as the file goes. */
function offsetOf(yaml: Document, path: Path): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = yaml.getIn(path.slice(0, depth), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

function refuseIssue(
  issue: Issue,
  value: unknown,
  lineOf: (path: Path) => number,
  refuse: (line: number, problem: string) => void,
): void {
  const { path } = issue
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(shape, path)
    const expected = `unknown key, expected one of ${known.join(', ')}`
    for (const key of issue.keys)
      refuse(lineOf([...path, key]), `${key}: ${expected}${didYouMean(key, known)}`)
    return
  }
  const name = path.findLast((step) => typeof step === 'string')
  const told = problem(issue, at(value, path), false)
  refuse(lineOf(path), name === undefined ? told : `${name}: ${told}`)
}
