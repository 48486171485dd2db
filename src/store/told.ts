/** How much a channel was told lately. */
import type { Client } from './database.ts'

/** Messages, not deliveries: one that told several counts once. In the order of the instants. */
export async function messagesSince(
  client: Client,
  channel: string,
  instants: readonly Date[],
): Promise<number[]> {
  const { rows } = await client.query<{ count: number }>(COUNT, [channel, instants])
  return rows.map(({ count }) => count)
}

const COUNT = {
  name: 'messages-since',
  text: `select count(distinct coalesce(d.covered_by, d.delivery_id)) as count
    from unnest($2::timestamptz[]) with ordinality as asked (since, place)
    left join metalgap.deliveries d on d.channel = $1 and d.state = 'delivered' and d.finished_at > asked.since
    group by place order by place`,
}
