/** When venues are open, for the views: SQL has no calendar. */
import type { Database } from './database.ts'

export interface VenueSession {
  calendar: string
  open: Date
  close: Date
}

/** Puts these sessions in place of all that were known. A calendar without rows reads as unknown, not as closed. */
export async function saveSessions(database: Database, sessions: readonly VenueSession[]): Promise<void> {
  await database.transaction(async (client) => {
    await client.query('lock table metalgap.sessions in share row exclusive mode')
    await client.query('delete from metalgap.sessions')
    await client.query(
      `insert into metalgap.sessions (calendar, open, close)
       select * from unnest($1::text[], $2::timestamptz[], $3::timestamptz[])`,
      [
        sessions.map(({ calendar }) => calendar),
        sessions.map(({ open }) => open),
        sessions.map(({ close }) => close),
      ],
    )
  })
}
