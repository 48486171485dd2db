/** Premiums that an import has worked out, loaded by COPY: those whose two prices have one already are left alone. */
import type { Premium } from '../engine/model.ts'
import { openLoader } from './copying.ts'
import { newLines } from './lines.ts'
import { COLUMNS, FIELDS, premiumRow, seriesOf } from './premiums.ts'

export interface PremiumBatch {
  readonly rows: number
  add(premium: Premium): void
  /** of COPY's text format; good until the batch is cleared */
  text(): Buffer
  clear(): void
}

/** An empty batch; one that is cleared and filled again keeps its memory. */
export function newPremiumBatch(): PremiumBatch {
  const lines = newLines()
  let rows = 0
  return {
    get rows() {
      return rows
    },
    add(premium) {
      lines.add(lineOf(premium))
      rows += 1
    },
    text: () => lines.bytes(),
    clear() {
      lines.clear()
      rows = 0
    },
  }
}

const NAMES = COLUMNS.split(/,\s*/) as (keyof ReturnType<typeof premiumRow>)[]

function lineOf(premium: Premium): string {
  // no rule is told of it, so no hold and no breach has seen it
  const row = { ...premiumRow(premium), spell_ms: null }
  return `${NAMES.map((name) => cell(row[name])).join('\t')}\t${premium.east.series}\t${premium.west.series}\n`
}

function cell(value: string | number | Date | null): string {
  if (value === null) return '\\N'
  if (value instanceof Date) return value.toISOString()
  // not String: V8 remembers thousands of numbers that it has made text of, and all those texts outlive what is young
  return typeof value === 'number' ? JSON.stringify(value) : value
}

export interface PremiumStaging extends AsyncDisposable {
  /** answers how many were stored */
  load(batch: PremiumBatch): Promise<number>
}

/** One batch after the other: each sees what those before it have brought. */
export async function openPremiumStaging(
  url: string,
  pair: string,
  configuration_id: number,
): Promise<PremiumStaging> {
  const loader = await openLoader(url)
  await loader.run(STAGED)
  return {
    async load(batch) {
      await loader.run('truncate staged')
      await loader.copy(`staged (${COLUMNS}, east_series, west_series)`, [batch.text()])
      const values = [pair, configuration_id]
      const added = await loader.run(ADD, values)
      return added === batch.rows ? added : added + (await loader.run(ADD_OTHER_SOURCES, values))
    },
    [Symbol.asyncDispose]: () => loader[Symbol.asyncDispose](),
  }
}

const STAGED = `create temporary table staged (line bigint generated always as identity, ${FIELDS},
  east_series text, west_series text)`

const LEGS = 'east_series, east_at, west_series, west_at'

// `offset 0` keeps the question a look-up by index: as a join it would read every premium of the pair each time.
const add = (isSame: string) => `insert into metalgap.premiums (pair, ${COLUMNS}, configuration_id)
  select $1, ${COLUMNS}, $2 from (select distinct on (${LEGS}) * from staged order by ${LEGS}, line) first
  where not exists (
    select from metalgap.premiums known
    where known.pair = $1 and known.east_at = first.east_at and known.west_at = first.west_at ${isSame} offset 0
  )
  order by seen_at, time, line`

const ADD = add('')
/** Two sources may have prices of the same times. Where ticks are asked, planning for all their months takes longest. */
const ADD_OTHER_SOURCES = add(
  `and ${seriesOf('known', 'east')} = first.east_series and ${seriesOf('known', 'west')} = first.west_series`,
)
