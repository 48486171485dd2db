/** Tables for a terminal: columns that line up and lines that end at its edge. */
import { stripVTControlCharacters } from 'node:util'

export type Align = 'left' | 'right'

/** Pads every column to its widest cell, two spaces between; `paint` may colour a cell without widening it. */
export function columns(
  rows: readonly (readonly string[])[],
  align: readonly Align[],
  paint: (padded: string, row: number, column: number) => string = (padded) => padded,
): string[] {
  const widths = align.map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, (row[column] ?? '').length), 0),
  )
  return rows.map((row, i) =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? ''
        return paint(align[column] === 'right' ? cell.padStart(width) : cell.padEnd(width), i, column)
      })
      .join('  ')
      .trimEnd(),
  )
}

/** Cuts a line at `width` visible characters; what was coloured before the cut is closed. */
export function clip(line: string, width: number): string {
  if (stripVTControlCharacters(line).length <= width) return line
  let room = width
  const cut = (text: string) => {
    const kept = text.slice(0, room)
    room -= kept.length
    return kept
  }
  const [plain = '', ...styled] = line.split('\x1b')
  const styles = (part: string) => part.indexOf('m') + 1
  return (
    cut(plain) +
    styled.map((part) => `\x1b${part.slice(0, styles(part))}${cut(part.slice(styles(part)))}`).join('')
  )
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow'

const CODES: Record<Style, number> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 }

/** The text in a colour, or as it is. */
export function painter(colour: boolean): (style: Style, text: string) => string {
  return (style, text) => (colour ? `\x1b[${CODES[style]}m${text}\x1b[0m` : text)
}
