/** A story of prices by the minute as it is written in YAML, and every mistake in it with its line. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { date, zone } from '../config/schema/words.ts'
import { UserError } from '../errors.ts'
import { type Row, readTable } from './table.ts'

export interface Story {
  story: string
  pair: string
  /** of the first minute, in `zone` */
  date: string
  zone: string
  file: string
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

/** Throws a UserError (2) that names every mistake with its line. */
export function readStories(file: string, text: string): StoryFile {
  const lines = new LineCounter()
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true })
  const refuse = (line: number, problem: string) => `${file}:${line}: ${problem}`
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let depth = path.length; depth > 0; depth--) {
      const node = yaml.getIn(path.slice(0, depth), true)
      if ((isScalar(node) || isMap(node) || isSeq(node)) && node.range)
        return lines.linePos(node.range[0]).line
    }
    return 1
  }
  const broken = yaml.errors.map(({ pos, message }) => refuse(lines.linePos(pos[0]).line, message))
  if (broken.length > 0) throw new UserError(broken.join('\n'), 2)
  const read = shape.safeParse(yaml.toJS())
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) =>
      refuse(lineOf(path), `${path.map(String).join('.')}: ${message}`),
    )
    throw new UserError(problems.join('\n'), 2)
  }
  const problems: string[] = []
  const stories = read.data.stories.map(({ minutes, ...story }, i): Story => {
    // the table of a block stands below the line of its key
    const first = lineOf(['stories', i, 'minutes']) + 1
    const table = readTable(minutes, first, (line, problem) => problems.push(refuse(line, problem)))
    return { ...story, file, ...table }
  })
  if (problems.length > 0) throw new UserError(problems.join('\n'), 2)
  return { file, config: read.data.config ?? null, stories }
}
