/** Prices of a file on their way to COPY. */
import { newLines, withRoom } from './lines.ts'

export interface StagedPrice {
  series: string
  /** epoch ms */
  at: number
  /** when it was known; `is_known` tells whether the file said so, or whether it was worked out */
  seen_at: number
  is_known: boolean
  price: string
  bid: string | null
  ask: string | null
  quarantined: string | null
}

export interface Batch {
  readonly rows: number
  /** that rows are of: '2026-01' */
  readonly months: ReadonlySet<string>
  add(row: StagedPrice): void
  /** of COPY's text format; good until the batch is cleared */
  text(): Buffer
  /** with a further column `is_known` */
  textWithKnown(): Buffer
  clear(): void
}

const NEWLINE = 10

/** The columns of `text()`. */
export const COLUMNS = 'series, at, seen_at, price, bid, ask, quarantined'

/** An empty batch; one that is cleared and filled again keeps its memory. */
export function newBatch(): Batch {
  const lines = newLines()
  let known: Buffer = Buffer.alloc(1 << 13)
  let rows = 0
  const months = new Set<string>()
  return {
    months,
    get rows() {
      return rows
    },
    add(row) {
      const at = new Date(row.at).toISOString()
      lines.add(lineOf(row, at))
      known = withRoom(known, rows + 1)
      known[rows++] = row.is_known ? 1 : 0
      months.add(at.slice(0, 7))
    },
    text: () => lines.bytes(),
    textWithKnown: () => withKnown(lines.bytes(), known, rows),
    clear() {
      lines.clear()
      rows = 0
      months.clear()
    },
  }
}

function withKnown(lines: Buffer, known: Buffer, rows: number): Buffer {
  const wide = Buffer.alloc(lines.length + 2 * rows)
  let at = 0
  let row = 0
  for (let i = 0; i < lines.length; i++) {
    if (lines[i] === NEWLINE) at += wide.write(known[row++] === 1 ? '\t1' : '\t0', at)
    wide[at++] = lines[i] as number
  }
  return wide
}

function lineOf({ series, seen_at, price, bid, ask, quarantined }: StagedPrice, at: string): string {
  const seen = new Date(seen_at).toISOString()
  return `${series}\t${at}\t${seen}\t${price}\t${bid ?? '\\N'}\t${ask ?? '\\N'}\t${quarantined ?? '\\N'}\n`
}
