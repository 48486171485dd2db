/** For commands that let years of prices pass by: V8's young generation stays as big as loading the program has made it. */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Of each half. */
const ENOUGH = 16 << 20
const LOOK_EVERY_MS = 1_000

/**
 * V8 doubles it whenever as much has survived collections, in all, as it holds, up to 64 MB a half: however little outlives
 * each of them, after enough prices it does, and none of that room is needed. Where the process is starved it shrinks to 1 MB,
 * in which what is read ahead grows old before it is used. So it may grow back at once, and not beyond.
 */
export function keepYoungHeap(): void {
  const look = () => {
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
    const half = young === undefined ? ENOUGH : young.space_used_size + young.space_available_size
    setFlagsFromString(`--semi-space-growth-factor=${Math.max(1, Math.floor(ENOUGH / half))}`)
  }
  look()
  setInterval(look, LOOK_EVERY_MS).unref()
}
