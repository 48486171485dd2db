/** Rows of numbers in order, however many there are: those that do not fit into memory wait in a file. */
import { randomUUID } from 'node:crypto'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import { compareRows, inOrder } from './rows.ts'
import { mergedRuns, type Run } from './runs.ts'

export interface Sorter extends AsyncDisposable {
  /** a promise where it has to wait for the disk */
  add(row: readonly number[]): Promise<void> | null
  /** Some rows at a time, one behind the other, once all are added; as often as one likes. */
  sorted(): AsyncGenerator<Float64Array>
}

const HELD = 1 << 15

/** `width` is how many numbers a row has, `held` how many rows are kept in memory. */
export function openSorter(width: number, held = HELD): Sorter {
  const rows = new Float64Array(held * width)
  const runs: Run[] = []
  let count = 0
  let stored = 0
  let file: FileHandle | null = null
  const ordered = () => inOrder(rows.subarray(0, count * width), width)
  const store = async () => {
    const run = ordered()
    file ??= await openHidden()
    await write(file, run, stored * width * run.BYTES_PER_ELEMENT)
    extend(runs, { begin: stored, end: stored + count, first: run.slice(0, width), last: run.slice(-width) })
    stored += count
    count = 0
  }
  return {
    add(row) {
      rows.set(row, count++ * width)
      return count < held ? null : store()
    },
    async *sorted() {
      if (file === null) yield ordered()
      else {
        if (count > 0) await store()
        yield* mergedRuns(file, runs, width)
      }
    },
    [Symbol.asyncDispose]: async () => file?.close(),
  }
}

/** Where one run ends and the next goes on, they are one. */
function extend(runs: Run[], run: Run): void {
  const before = runs.at(-1)
  if (before === undefined || compareRows(before.last, 0, run.first, 0, run.first.length) > 0) runs.push(run)
  else Object.assign(before, { end: run.end, last: run.last })
}

/** It has no name, so it is gone when the process is. */
async function openHidden(): Promise<FileHandle> {
  const path = join(tmpdir(), `metalgap-${randomUUID()}`)
  try {
    const file = await open(path, 'wx+', 0o600)
    await unlink(path)
    return file
  } catch (error) {
    throw noRoom(error)
  }
}

async function write(file: FileHandle, rows: Float64Array, position: number): Promise<void> {
  const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength)
  try {
    for (let done = 0; done < bytes.length; )
      done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  } catch (error) {
    throw noRoom(error)
  }
}

function noRoom(error: unknown): UserError {
  const { message } = error as Error
  return new UserError(
    `The prices cannot be sorted in ${tmpdir()}: ${message}. It takes about 100 bytes a row; TMPDIR names another folder.`,
  )
}
