/** Rows in batches: the next one is filled while the last is loaded. */

interface Batch<Row> {
  readonly rows: number
  add(row: Row): void
  clear(): void
}

export interface Turns<Row> {
  /** a promise where the batch is full and has to wait for the one before it */
  add(row: Row): Promise<void> | null
  /** until everything is loaded */
  end(): Promise<void>
}

/**
 * A batch is full with so many rows. `load` is called for one after the other; what it throws, the next `add` that waits or `end`
 * throws.
 */
export function openTurns<Row, Filled extends Batch<Row>>(
  newBatch: () => Filled,
  full: number,
  load: (batch: Filled) => Promise<void>,
): Turns<Row> {
  let [filled, loaded] = [newBatch(), newBatch()]
  let loading: Promise<void> = Promise.resolve()
  let turning: Promise<void> | null = null
  const turn = async () => {
    await loading
    turning = null
    ;[filled, loaded] = [loaded, filled]
    filled.clear()
    loading = load(loaded)
    loading.catch(() => {})
  }
  return {
    add(row) {
      filled.add(row)
      if (filled.rows >= full) turning ??= turn()
      return turning
    },
    async end() {
      if (filled.rows > 0) await turn()
      await loading
    },
  }
}
