import type { Tick } from '../engine/model.ts'
import type { Transaction } from './database.ts'

/** A stored tick that was told to pairs again; its number is in one order with those of new ticks. */
export type Retold = Tick & { told_id: number }

/** Without them a replay would not know why a doubt ended. */
export function insertRetold(client: Transaction, ticks: readonly Retold[]): void {
  const rows = ticks.map(({ at, seen_at, ...tick }) => ({
    ...tick,
    at: new Date(at),
    seen_at: new Date(seen_at),
  }))
  client.send(INSERT, [JSON.stringify(rows)])
}

const INSERT = {
  name: 'insert-retold',
  text: `insert into metalgap.retold (told_id, tick_id, series, at, seen_at, quarantined, disputed)
    select * from jsonb_to_recordset($1) as tick (told_id bigint, tick_id bigint, series text, at timestamptz,
      seen_at timestamptz, quarantined text, disputed text)`,
}
