/** Runs of a file, each of rows that are in order, as one that is. */
import type { FileHandle } from 'node:fs/promises'
import { compareRows } from './rows.ts'

/** Rows of the file from `begin` until `end`. */
export interface Run {
  begin: number
  end: number
  first: Float64Array
  last: Float64Array
}

interface Cursor {
  run: Run
  /** the next row of the file */
  at: number
  /** those that were read, and where the next of them begins */
  rows: Float64Array
  next: number
}

const READ = 1 << 10
/** Few, so that what is made of them is gone while V8 holds it for young. */
const AT_ONCE = 100

/** Each run is opened where it begins: runs that follow each other are read like one. */
export async function* mergedRuns(
  file: FileHandle,
  runs: readonly Run[],
  width: number,
): AsyncGenerator<Float64Array> {
  const waiting = runs.toSorted((a, b) => compareRows(a.first, 0, b.first, 0, width))
  let open: Cursor[] = []
  for (;;) {
    for (const cursor of open) if (isEmpty(cursor)) await refill(file, cursor, width)
    open = open.filter((cursor) => !isEmpty(cursor))
    while (waiting[0] !== undefined && isDue(waiting[0], leastOf(open, width), width)) {
      const run = waiting.shift() as Run
      const cursor = { run, at: run.begin, rows: new Float64Array(0), next: 0 }
      await refill(file, cursor, width)
      open.push(cursor)
    }
    if (open.length === 0) return
    yield part(open, waiting[0], width)
  }
}

/** Until one is empty, or another run begins. */
function part(open: readonly Cursor[], waiting: Run | undefined, width: number): Float64Array {
  const rows = new Float64Array(AT_ONCE * width)
  let filled = 0
  while (filled < rows.length) {
    const least = leastOf(open, width) as Cursor
    if (waiting !== undefined && isDue(waiting, least, width)) break
    for (let k = 0; k < width; k++) rows[filled++] = least.rows[least.next++] as number
    if (isEmpty(least)) break
  }
  return rows.subarray(0, filled)
}

function isDue({ first }: Run, least: Cursor | null, width: number): boolean {
  return least === null || compareRows(first, 0, least.rows, least.next, width) < 0
}

function leastOf(open: readonly Cursor[], width: number): Cursor | null {
  let least: Cursor | null = null
  for (const cursor of open) {
    if (least === null || compareRows(cursor.rows, cursor.next, least.rows, least.next, width) < 0)
      least = cursor
  }
  return least
}

function isEmpty({ rows, next }: Cursor): boolean {
  return next === rows.length
}

/** Leaves it empty where its run has ended. */
async function refill(file: FileHandle, cursor: Cursor, width: number): Promise<void> {
  const count = Math.min(READ, cursor.run.end - cursor.at)
  const rows = new Float64Array(count * width)
  const bytes = new Uint8Array(rows.buffer)
  const { bytesRead } = await file.read(bytes, 0, bytes.length, cursor.at * width * rows.BYTES_PER_ELEMENT)
  if (bytesRead < bytes.length) throw new Error('rows that were stored cannot be read')
  Object.assign(cursor, { rows, next: 0, at: cursor.at + count })
}
