/** Work that waits for its turn. Each lane has a few places, so that a slow one holds up nobody but itself. */

const PLACES = 4
/** More is not kept: whoever hands work in must be able to find it again. What is urgent always is. */
const MOST_WAITING = 1_000

export interface Work {
  id: string
  lane: string
  /** overtakes what waits in its lane */
  urgent: boolean
  /** somebody counts on it: it runs, however many wait and also when the lanes are closed */
  begun: boolean
}

export interface Lanes<W extends Work> extends AsyncDisposable {
  /** Runs it as soon as its lane has a place. What waits already waits once; what runs just now runs once more. */
  enter(work: W): void
  /** It need not run any more, if it waits. */
  leave(work: W): void
  /** how much more work of this lane would run at once */
  room(lane: string): number
  /** waiting and running */
  size(): number
}

interface Lane<W> {
  waiting: Map<string, W>
  running: Map<string, Promise<void>>
}

/** `run` never throws. Disposing drops what waits and has not begun, and waits for the rest. */
export function openLanes<W extends Work>(run: (work: W) => Promise<void>): Lanes<W> {
  const lanes = new Map<string, Lane<W>>()
  let closed = false

  const start = (name: string, lane: Lane<W>) => {
    while (lane.running.size < PLACES) {
      const work = first(lane)
      if (!work) break
      lane.waiting.delete(work.id)
      const end = () => {
        lane.running.delete(work.id)
        start(name, lane)
      }
      lane.running.set(work.id, run(work).then(end))
    }
    if (lane.running.size === 0) lanes.delete(name)
  }

  return {
    enter(work) {
      if (closed) return
      const lane = lanes.get(work.lane) ?? { waiting: new Map(), running: new Map() }
      lanes.set(work.lane, lane)
      const fits = work.urgent || work.begun || lane.waiting.size < MOST_WAITING
      const known = lane.waiting.get(work.id)
      if (known ? work.urgent && !known.urgent : fits) lane.waiting.set(work.id, work)
      start(work.lane, lane)
    },
    leave: ({ lane, id }) => void lanes.get(lane)?.waiting.delete(id),
    room(name) {
      const { running, waiting } = lanes.get(name) ?? {}
      return closed ? 0 : Math.max(0, PLACES - (running?.size ?? 0) - (waiting?.size ?? 0))
    },
    size: () => lanes.values().reduce((sum, { waiting, running }) => sum + waiting.size + running.size, 0),
    async [Symbol.asyncDispose]() {
      closed = true
      for (const { waiting } of lanes.values())
        for (const { id, begun } of waiting.values()) if (!begun) waiting.delete(id)
      while (lanes.size > 0) await Promise.all(lanes.values().flatMap(({ running }) => running.values()))
    },
  }
}

function first<W extends Work>({ waiting, running }: Lane<W>): W | undefined {
  let oldest: W | undefined
  for (const work of waiting.values()) {
    if (running.has(work.id)) continue
    if (work.urgent) return work
    oldest ??= work
  }
  return oldest
}
