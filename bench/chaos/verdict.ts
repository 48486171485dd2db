/** What the receiver's books say about the promises. */
import type { Database } from '../../src/store/database.ts'
import type { Entry } from './receiver.ts'

export interface Verdict {
  breaches: number
  transitions: number
  taken: number
  /** transitions that the receiver never took */
  lost: number
  /** steps of which it heard under two ids, and crossings that were raised twice */
  written_twice: number
  /** taken again, under their own id */
  repeats: number
  /**
   * copies of an id without the mark of a possible repeat, beyond the one of its first attempt. That one may come last:
   * a sender that was stalled on its way out is overtaken by the one that took over its lease.
   */
  repeats_unmarked: number
  /** an id that came with other bytes */
  changed_bytes: number
  /** breaches whose steps, sorted by sequence, are not 1, 2, ... from raised to cleared */
  order_lost: number
  /** a step that was first taken before the one that precedes it */
  first_out_of_order: number
}

export async function judge(database: Database, books: readonly Entry[]): Promise<Verdict> {
  const { rows } = await database.query<{ breach_id: string; sequence: number }>(
    'select breach_id, sequence from metalgap.transitions',
  )
  const entries = books.filter(({ type }) => type.startsWith('breach.'))
  const steps = Map.groupBy(entries, ({ breach_id, sequence }) => `${breach_id} ${sequence}`)
  const ids = Map.groupBy(entries, ({ id }) => id)
  const firsts = [...ids.values()].map(([first]) => first as Entry)
  const raised = firsts.filter(({ type }) => type === 'breach.raised')
  const crossings = new Set(raised.map(({ rule, began_at }) => `${rule} ${began_at}`))
  const breaches = [...Map.groupBy(firsts, ({ breach_id }) => breach_id).values()]
  return {
    breaches: new Set(rows.map(({ breach_id }) => breach_id)).size,
    transitions: rows.length,
    taken: entries.length,
    lost: rows.filter(({ breach_id, sequence }) => !steps.has(`${breach_id} ${sequence}`)).length,
    written_twice:
      [...steps.values()].filter((all) => new Set(all.map(({ id }) => id)).size > 1).length +
      raised.length -
      crossings.size,
    repeats: entries.length - ids.size,
    repeats_unmarked: sum(
      [...ids.values()].map((all) => Math.max(0, all.filter((one) => !one.marked).length - 1)),
    ),
    changed_bytes: [...ids.values()].filter((all) => new Set(all.map(({ body }) => body)).size > 1).length,
    order_lost: breaches.filter((all) => !isWhole(all.toSorted((a, b) => a.sequence - b.sequence))).length,
    first_out_of_order: breaches.filter((all) => all.some(({ sequence }, i) => sequence !== i + 1)).length,
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}

function isWhole(steps: readonly Entry[]): boolean {
  const numbered = steps.every(({ sequence }, i) => sequence === i + 1)
  return numbered && steps[0]?.type === 'breach.raised' && steps.at(-1)?.type === 'breach.cleared'
}

export function isSound(verdict: Verdict): boolean {
  const { lost, written_twice, changed_bytes, order_lost, repeats_unmarked } = verdict
  return lost + written_twice + changed_bytes + order_lost + repeats_unmarked === 0
}
