/**
 * SQL: nothing earlier of the subject of `row` is pending in its channel. Postgres believes what is pending to be a row or
 * two, and in a burst would compare each with all: `offset 0` keeps this from becoming a join, `|| ''` keeps it off the
 * indexes of what is pending. So it is one look into the index of the subject, however many wait.
 */
export function inTurn(row: string, unless = 'true'): string {
  return `not exists (
    select from metalgap.deliveries earlier
    where earlier.subject = ${row}.subject and earlier.channel = ${row}.channel
      and earlier.sequence < ${row}.sequence and earlier.state || '' = 'pending' and ${unless}
    offset 0)`
}
