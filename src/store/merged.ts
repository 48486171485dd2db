/** Ordered streams as one: of what stands first in each, the earliest is next. */
import type { StoredTick } from './stored-ticks.ts'

interface Cursor {
  source: AsyncIterator<StoredTick[]>
  batch: StoredTick[]
  next: number
}

/** By `seen_at`. All streams are opened at once, and closed when nobody reads on. */
export async function* merged(streams: readonly AsyncIterable<StoredTick[]>[]): AsyncGenerator<StoredTick[]> {
  const all = streams.map(
    (stream): Cursor => ({ source: stream[Symbol.asyncIterator](), batch: [], next: 0 }),
  )
  let open = all
  try {
    for (;;) {
      const emptied = open.filter(({ batch, next }) => next === batch.length)
      const gone = new Set((await Promise.all(emptied.map(refill))).filter((cursor) => cursor !== null))
      open = open.filter((cursor) => !gone.has(cursor))
      if (open.length === 0) return
      yield untilOneIsEmpty(open)
    }
  } finally {
    await Promise.all(all.map(({ source }) => source.return?.()))
  }
}

/** Answers with the cursor when its stream has ended. */
async function refill(cursor: Cursor): Promise<Cursor | null> {
  const { done, value } = await cursor.source.next()
  if (done) return cursor
  cursor.batch = value
  cursor.next = 0
  return null
}

function untilOneIsEmpty(cursors: readonly Cursor[]): StoredTick[] {
  const ticks: StoredTick[] = []
  for (;;) {
    let first = cursors[0] as Cursor
    for (let i = 1; i < cursors.length; i++) {
      const cursor = cursors[i] as Cursor
      if ((cursor.batch[cursor.next] as StoredTick).seen_at < (first.batch[first.next] as StoredTick).seen_at)
        first = cursor
    }
    ticks.push(first.batch[first.next++] as StoredTick)
    if (first.next === first.batch.length) return ticks
  }
}
