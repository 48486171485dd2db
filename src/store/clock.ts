import type { Client } from './database.ts'

/** The server's clock, read when it answers. */
export async function databaseClock(client: Client): Promise<Date> {
  const { rows } = await client.query<{ clock: Date }>('select clock_timestamp() as clock')
  return (rows[0] as { clock: Date }).clock
}
