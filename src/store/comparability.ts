import type { ComparabilityChange } from '../engine/model.ts'
import type { Transaction } from './database.ts'

/** Appends intervals to a pair's time line: each change ends the interval before it. */
export function insertComparability(
  client: Transaction,
  pair: string,
  changes: readonly ComparabilityChange[],
): void {
  const rows = changes.map(({ time, state, reason }, i) => ({
    time: new Date(time),
    state,
    reason,
    until: changes[i + 1] === undefined ? null : new Date(changes[i + 1]?.time ?? 0),
  }))
  client.send(END, [pair, rows[0]?.time])
  client.send(INSERT, [pair, JSON.stringify(rows)])
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
