/** The table of a story: `time | east | west | fx | expect`, a line a minute or a span of minutes. */
import { type Expectation, readExpectation } from './expectation.ts'

export interface Cell {
  /** as written */
  price: string
  /** what the source says, in minutes since midnight of the story's date; null: the row's own time */
  at: number | null
  /** a price that is not believed */
  quarantined: boolean
  /** another source of the instrument says something else */
  disputed: boolean
}

export interface Row {
  line: number
  /** minutes since midnight of the story's date, both included; a single minute has them equal */
  from: number
  to: number
  /** by column; null: the source says nothing usable, or nothing new */
  cells: (Cell | null)[]
  expect: Expectation
}

type Complain = (line: number, problem: string) => void

const NOTHING = ['', '-', 'NaN', 'missing']
const CELL = /^(\d+(?:\.\d+)?)([!?])?(?:@(.+))?$/
const TIME = /^(?:\+(\d+) )?([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/
/** How far a source's clock may be ahead of ours, in minutes. */
const AHEAD = 2

/** `first` is the line of the file where the table begins, `head` that of its head. */
export function readTable(
  text: string,
  first: number,
  complain: Complain,
): { columns: string[]; head: number; rows: Row[] } {
  const lines = text.split('\n').map((line, i) => ({ line: first + i, cells: cellsOf(line) }))
  const [head, ...body] = lines.filter(({ cells }) => cells.length > 1 || cells[0] !== '')
  const names = head?.cells ?? []
  if (names[0] !== 'time' || names.at(-1) !== 'expect' || names.length < 3) {
    complain(head?.line ?? first, 'expected a head such as: time | east | west | fx | expect')
    return { columns: [], head: first, rows: [] }
  }
  if (body.length === 0) complain(head?.line ?? first, 'expected a line a minute below the head')
  const rows = body.flatMap(({ line, cells }) => {
    const row = readRow(line, cells, names.length, complain)
    return row === null ? [] : [row]
  })
  for (const [i, row] of rows.entries()) {
    const before = rows[i - 1]
    if (before !== undefined && row.from <= before.to)
      complain(row.line, 'expected a time after that of the line before')
  }
  return { columns: names.slice(1, -1), head: head?.line ?? first, rows }
}

/** A line may stand between bars, and lines of dashes are left out. */
function cellsOf(line: string): string[] {
  const text = line.trim()
  const bare = text.startsWith('|') ? text.slice(1).replace(/\|$/, '') : text
  if (/^[-|: ]*$/.test(bare)) return ['']
  return bare.split('|').map((cell) => cell.trim())
}

function readRow(line: number, cells: string[], width: number, complain: Complain): Row | null {
  if (cells.length !== width) {
    complain(line, `found ${cells.length} cells, expected ${width}`)
    return null
  }
  const [time = '', ...rest] = cells
  const [from = null, to = from] = time.split(' - ').map(minutesOf)
  if (from === null || to === null || to < from) {
    complain(line, `found "${time}", expected a time such as 10:05, 10:05:30, +1 09:00, or 10:05 - 10:20`)
    return null
  }
  const expect = readExpectation(rest.at(-1) ?? '', (problem) => complain(line, problem))
  if (to > from && expect.transitions.length > 0)
    complain(line, 'a transition has a minute of its own: expected it on a line without a span')
  const prices = rest.slice(0, -1).map((text) => {
    const cell = readCell(text, line, complain)
    if (cell !== null && !cell.quarantined && cell.at !== null && cell.at > from + AHEAD)
      complain(
        line,
        `found "${text}", expected a source time that is not after ${time}: none is believed from the future`,
      )
    return cell
  })
  return { line, from, to, cells: prices, expect }
}

function readCell(text: string, line: number, complain: Complain): Cell | null {
  if (NOTHING.includes(text)) return null
  const [, price, mark, source] = CELL.exec(text) ?? []
  const at = source === undefined ? null : minutesOf(source)
  if (price !== undefined && (source === undefined || at !== null) && Number(price) > 0)
    return { price, at, quarantined: mark === '!', disputed: mark === '?' }
  complain(
    line,
    `found "${text}", expected a price such as 8200, 8200@09:45, 8200! (not believed), 8200? (disputed), - or NaN`,
  )
  return null
}

function minutesOf(text: string): number | null {
  const [, days = '0', hour = '', minute = '', seconds = '0'] = TIME.exec(text) ?? []
  if (hour === '') return null
  return Number(days) * 1440 + Number(hour) * 60 + Number(minute) + Number(seconds) / 60
}
