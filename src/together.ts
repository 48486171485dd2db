/**
 * What waits for the same locks is done together: the first goes at once, and what comes while it is under way shares the
 * next transaction. A commit costs more than all the statements of a poll.
 */
export interface Together<Item, Result> {
  /** Answers for this item; throws what its work threw. */
  add(item: Item): Promise<Result>
}

interface Waiting<Item, Result> {
  item: Item
  settled: PromiseWithResolvers<Result>
}

/**
 * `work` answers for each item in the same order; where it throws for several, each is tried once more by itself, so that
 * none fails for another. `mayShare` says whether an item may go with those that are chosen already.
 */
export function openTogether<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  mayShare: (item: Item, chosen: readonly Item[]) => boolean,
): Together<Item, Result> {
  let waiting: Waiting<Item, Result>[] = []
  let running = false

  const choose = (): Waiting<Item, Result>[] => {
    const chosen: Waiting<Item, Result>[] = []
    for (const one of waiting) {
      const items = chosen.map(({ item }) => item)
      if (mayShare(one.item, items)) chosen.push(one)
    }
    waiting = waiting.filter((one) => !chosen.includes(one))
    return chosen
  }

  const run = async (chosen: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await work(chosen.map(({ item }) => item))
      for (const [i, { settled }] of chosen.entries()) settled.resolve(results[i] as Result)
    } catch (error) {
      if (chosen.length > 1) for (const one of chosen) await run([one])
      else chosen[0]?.settled.reject(error)
    }
  }

  const start = async (): Promise<void> => {
    running = true
    while (waiting.length > 0) await run(choose())
    running = false
  }

  return {
    add(item) {
      const settled = Promise.withResolvers<Result>()
      waiting.push({ item, settled })
      if (!running) void start()
      return settled.promise
    },
  }
}
