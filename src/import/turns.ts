/** Prices in batches: the next one is filled while the last is loaded. */
import { type Batch, newBatch, type StagedPrice } from '../store/batch.ts'

export interface Turns {
  /** a promise where the batch is full and has to wait for the one before it */
  add(price: StagedPrice): Promise<void> | null
  /** until everything is loaded */
  end(): Promise<void>
}

const BATCH = 5_000

/** `load` is called for one batch after the other; what it throws, the next `add` that waits or `end` throws. */
export function openTurns(load: (batch: Batch) => Promise<void>): Turns {
  let [filled, loaded] = [newBatch(), newBatch()]
  let loading: Promise<void> = Promise.resolve()
  const turn = async () => {
    await loading
    ;[filled, loaded] = [loaded, filled]
    filled.clear()
    loading = load(loaded)
    loading.catch(() => {})
  }
  return {
    add(price) {
      filled.add(price)
      return filled.rows < BATCH ? null : turn()
    },
    async end() {
      if (filled.rows > 0) await turn()
      await loading
    },
  }
}
