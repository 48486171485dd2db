/**
 * What waits for the same locks is done together: what comes while others are under way shares the next transaction, and
 * whoever is about to come is waited for a moment. A commit costs more than all the statements of a poll.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../errors.ts'

/** One that is coming. Disposing it unused says that it does not. */
export interface Arrival<Item, Result> extends Disposable {
  /** Answers for this item; throws what its work threw. */
  add(item: Item): Promise<Result>
}

export interface Together<Item, Result> {
  /** Somebody of this name comes soon; of several of one name one is done at a time. */
  expect(name: string): Arrival<Item, Result>
}

interface Waiting<Item, Result> {
  name: string
  item: Item
  settled: PromiseWithResolvers<Result>
}

/** As `commit_delay` of Postgres: far below what any source takes to answer, and about what a commit costs. */
const LINGER_MS = 5

/**
 * `work` answers for each item in the same order; where it throws for several, each is tried once more by itself, so that
 * none fails for another. `mayShare` says whether an item may go with those that are chosen already.
 */
export function openTogether<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  mayShare: (item: Item, chosen: readonly Item[]) => boolean,
): Together<Item, Result> {
  const coming = new Map<symbol, string>()
  let waiting: Waiting<Item, Result>[] = []
  let running = false
  let everybodyIsHere = () => {}

  const isAwaited = () => {
    const here = new Set(waiting.map(({ name }) => name))
    return coming.values().some((name) => !here.has(name))
  }

  const others = async (): Promise<void> => {
    if (!isAwaited()) return
    const { promise, resolve } = Promise.withResolvers<void>()
    everybodyIsHere = resolve
    await Promise.race([promise, sleep(LINGER_MS)])
  }

  const arrived = (ticket: symbol) => {
    coming.delete(ticket)
    if (!isAwaited()) everybodyIsHere()
  }

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
      // nobody is to blame for a database that is away, and each would wait for it in turn
      if (chosen.length > 1 && !(error instanceof UserError)) for (const one of chosen) await run([one])
      else for (const { settled } of chosen) settled.reject(error)
    }
  }

  const start = async (): Promise<void> => {
    running = true
    while (waiting.length > 0) {
      await others()
      await run(choose())
    }
    running = false
  }

  return {
    expect(name) {
      const ticket = Symbol(name)
      coming.set(ticket, name)
      return {
        add(item) {
          const settled = Promise.withResolvers<Result>()
          waiting.push({ name, item, settled })
          arrived(ticket)
          if (!running) void start()
          return settled.promise
        },
        [Symbol.dispose]: () => arrived(ticket),
      }
    },
  }
}
