/** For commands that let years of prices pass by: V8's young generation stays as big as loading the program has made it. */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Both halves. */
const BYTES = 32 << 20
const LOOK_EVERY_MS = 1_000

/**
 * V8 doubles it whenever as much has survived collections, in all, as it holds, up to 128 MB: however little outlives each of
 * them, after enough prices it does, and none of that room is needed. When it is starved it shrinks it to 2 MB, in which what
 * is read ahead grows old before it is used. So it may grow from less than it was, at once, and not beyond.
 */
export function keepYoungHeap(): void {
  const look = () => {
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
    const factor = Math.floor(BYTES / (young?.space_size || BYTES))
    setFlagsFromString(`--semi-space-growth-factor=${Math.max(1, factor)}`)
  }
  look()
  setInterval(look, LOOK_EVERY_MS).unref()
}
