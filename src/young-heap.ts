/** For commands that let years of prices pass by: V8's young generation as big as they need it, whatever their number. */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** As big as loading the program has made it; both halves. */
const ENOUGH = 32 << 20
const LOOK_EVERY_MS = 1_000

/**
 * V8 doubles the young generation whenever as much has survived collections, in all, as it holds, up to 128 MB: however little
 * outlives each of them, after enough prices it does, and none of that room is needed. It also shrinks in quiet moments, so
 * that it must be let grow again.
 */
export function keepYoungHeapSmall(): void {
  const look = () => {
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
    const factor = (young?.space_size ?? 0) < ENOUGH ? 2 : 1
    setFlagsFromString(`--semi-space-growth-factor=${factor}`)
  }
  look()
  setInterval(look, LOOK_EVERY_MS).unref()
}
