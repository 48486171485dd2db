import { legsText } from '../engine/correction.ts'
import type { Premium } from '../engine/model.ts'
import { text6 } from '../engine/round.ts'
import type { PairSpec } from '../engine/spec.ts'
import type { Transaction } from './database.ts'

/** What a premium's row holds, and as what it arrives. */
export const FIELDS = `time timestamptz, seen_at timestamptz, east_usd numeric, west_usd numeric, usdcny numeric,
  as_quoted_usd numeric, as_quoted_pct numeric, ex_tax_usd numeric, ex_tax_pct numeric, landed_usd numeric,
  landed_pct numeric, skew_ms bigint, east_tick_id bigint, east_at timestamptz, west_tick_id bigint, west_at timestamptz,
  fx_tick_id bigint, fx_at timestamptz, standing text, superseded_at timestamptz, elapsed_ms bigint, spell_ms bigint`
export const COLUMNS = FIELDS.replaceAll(/(\w+) \w+/g, '$1')

/** Stores premiums and answers with their ids in the same order. A correction takes the place of what it corrects. */
export async function insertPremiums(
  client: Transaction,
  spec: PairSpec,
  configuration_id: number,
  premiums: readonly Premium[],
): Promise<number[]> {
  const rows = rowsOf(spec, premiums)
  supersede(client, spec, rows)
  const values = [spec.pair, configuration_id, JSON.stringify(rows)]
  const inserted = await client.query<{ premium_id: number }>(INSERT, values)
  return inserted.rows.map((row) => row.premium_id)
}

/** The same for premiums whose ids nobody needs. */
export function sendPremiums(
  client: Transaction,
  spec: PairSpec,
  configuration_id: number,
  premiums: readonly Premium[],
): void {
  const rows = rowsOf(spec, premiums)
  supersede(client, spec, rows)
  client.send(INSERT, [spec.pair, configuration_id, JSON.stringify(rows)])
}

type PremiumRow = ReturnType<typeof premiumRow>

function rowsOf(spec: PairSpec, premiums: readonly Premium[]): PremiumRow[] {
  const rows = premiums.map(premiumRow)
  rows.forEach((row, i) => {
    const correction = premiums.slice(i + 1).find((later) => corrects(spec, later, premiums[i] as Premium))
    if (correction !== undefined) row.superseded_at = new Date(correction.seen_at)
  })
  return rows
}

function supersede(client: Transaction, spec: PairSpec, rows: readonly PremiumRow[]): void {
  const corrections = rows.filter((row) => row.standing === 'correction')
  if (corrections.length > 0)
    client.send(SUPERSEDE, [spec.pair, spec.align === 'date', JSON.stringify(corrections)])
}

/** Ticks that were observed twice have a correction each, and none of them takes the place of the other. */
function corrects(spec: PairSpec, later: Premium, { east, west, fx, standing }: Premium): boolean {
  if (later.standing !== 'correction' || legsText(spec, later) !== legsText(spec, { east, west, fx }))
    return false
  const hasSameTicks = later.east === east && later.west === west && later.fx === fx
  return standing !== 'correction' || !hasSameTicks
}

/** Series of a leg of a premium's row; its time leads to the month in which its tick lies. */
export function seriesOf(row: string, leg: 'east' | 'west'): string {
  return `(select series from metalgap.ticks where at = ${row}.${leg}_at and tick_id = ${row}.${leg}_tick_id)`
}

/** Two sources may have ticks of the same time. */
export function isOfSameLegs(one: string, other: string): string {
  const same = (leg: 'east' | 'west') =>
    `${one}.${leg}_at = ${other}.${leg}_at and ${seriesOf(one, leg)} = ${seriesOf(other, leg)}`
  return `${same('east')} and ${same('west')}`
}

const SUPERSEDE = {
  name: 'supersede-premiums',
  text: `update metalgap.premiums premium set superseded_at = correction.seen_at
    from jsonb_to_recordset($3) as correction (${FIELDS})
    where premium.pair = $1 and premium.superseded_at is null and ${isOfSameLegs('premium', 'correction')}
      and ($2 or premium.fx_at is not distinct from correction.fx_at)`,
}

const INSERT = {
  name: 'insert-premiums',
  text: `insert into metalgap.premiums (pair, ${COLUMNS}, configuration_id)
    select $1, premium.*, $2 from jsonb_to_recordset($3) as premium (${FIELDS})
    returning premium_id`,
}

/** `premium` as the statements want it. */
export function premiumRow(premium: Premium) {
  const text = (value: number | null) => (value === null ? null : text6(value))
  return {
    time: new Date(premium.time),
    seen_at: new Date(premium.seen_at),
    east_usd: text6(premium.east_usd),
    west_usd: text6(premium.west_usd),
    usdcny: premium.fx?.price ?? null,
    as_quoted_usd: text6(premium.as_quoted_usd),
    as_quoted_pct: text6(premium.as_quoted_pct),
    ex_tax_usd: text(premium.ex_tax_usd),
    ex_tax_pct: text(premium.ex_tax_pct),
    landed_usd: text(premium.landed_usd),
    landed_pct: text(premium.landed_pct),
    skew_ms: premium.skew_ms,
    east_tick_id: premium.east.tick_id,
    east_at: new Date(premium.east.at),
    west_tick_id: premium.west.tick_id,
    west_at: new Date(premium.west.at),
    fx_tick_id: premium.fx?.tick_id ?? null,
    fx_at: premium.fx === null ? null : new Date(premium.fx.at),
    standing: premium.standing,
    superseded_at: null as Date | null,
    elapsed_ms: premium.elapsed_ms,
    spell_ms: premium.spell_ms,
  }
}
