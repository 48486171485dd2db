import type { Client } from './database.ts'
import type { Silence } from './silences.ts'

export interface SilenceRow extends Omit<Silence, 'began_at' | 'warned_at'> {
  time: Date
  /** deliveries that it kept from being sent */
  silenced: number
}

/** From the view, newest last; only those that hold unless `all`. */
export async function silenceHistory(client: Client, all: boolean): Promise<SilenceRow[]> {
  const { rows } = await client.query<SilenceRow>(
    'select * from reporting.silences where $1 or (ended_at is null and until > now()) order by time',
    [all],
  )
  return rows
}
