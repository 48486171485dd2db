import type { ComparabilityChange } from '../engine/model.ts'
import type { Client, Transaction } from './database.ts'

/** Appends intervals to a pair's time line: each change ends the interval before it. */
export function insertComparability(
  client: Transaction,
  pair: string,
  changes: readonly ComparabilityChange[],
): void {
  const rows = changes.map(({ time, state, reason }, i) => {
    const next = changes[i + 1]
    return { time: new Date(time), state, reason, until: next === undefined ? null : new Date(next.time) }
  })
  client.send(END, [pair, rows[0]?.time])
  client.send(INSERT, [pair, JSON.stringify(rows)])
}

/** Ends the interval of a pair that nobody compares any more. */
export async function endComparability(client: Client, pair: string, now: Date): Promise<void> {
  await client.query(END, [pair, now])
}

const END = {
  name: 'end-comparability',
  text: 'update metalgap.comparability set until = greatest(time, $2) where pair = $1 and until is null',
}

const INSERT = {
  name: 'insert-comparability',
  text: `insert into metalgap.comparability (pair, time, state, reason, until)
    select $1, change.* from jsonb_to_recordset($2)
      as change (time timestamptz, state text, reason text, until timestamptz)`,
}
