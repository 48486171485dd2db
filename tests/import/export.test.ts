import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { importFiles } from '../../src/import.ts'
import { exportPremiums, exportPrices } from '../../src/store/export.ts'
import { DAILY, openDesk } from './desk.ts'

const ALL = { of: null, from: null, to: null }
const TICKS = 'select series, at, revision, price, seen_at from metalgap.ticks order by series, at, revision'

async function textOf(chunks: AsyncIterable<Buffer>): Promise<string> {
  return (await Array.fromAsync(chunks)).map((chunk) => chunk.toString('utf8')).join('')
}

test('what was exported imports as it was, with its revisions and when each was known', async () => {
  await using desk = await openDesk(DAILY)
  await desk.load(['date,series,price', '2025-06-02,lbma/silver,30.00', '2025-06-02,ecb/usdcny,7.1000'])
  await desk.load(['date,series,price', '2025-06-02,lbma/silver,31.00'])
  const file = join(await mkdtemp(join(tmpdir(), 'metalgap-export-')), 'prices.csv')
  await writeFile(file, await textOf(exportPrices(desk.context.database.url, ALL)))
  await using other = await openDesk(DAILY)
  const imported = await importFiles(other.context, [file], { quarantine: false, progress: () => {} })
  expect(imported).toMatchObject({ read: 3, new: 2, revised: 1, refused: 0 })
  expect(await other.rows(TICKS)).toEqual(await desk.rows(TICKS))
})

test('a span, a series or a pair may be asked for', async () => {
  await using desk = await openDesk(DAILY)
  const rows = ['2025-06-02', '2025-06-03'].flatMap((date) => [
    `${date},lbma/silver,30.00`,
    `${date},sge-benchmark/shag-pm,8200`,
    `${date},ecb/usdcny,7.1000`,
  ])
  await desk.load(['date,series,price', ...rows])
  const { url } = desk.context.database
  const query = { of: 'lbma/silver', from: new Date('2025-06-03'), to: null }
  expect(await textOf(exportPrices(url, query))).toBe(
    'time,series,price,bid,ask,known_at\n2025-06-03T11:00:00.000Z,lbma/silver,30.00,,,2025-06-03T23:00:00.000Z\n',
  )
  const premiums = (await textOf(exportPremiums(url, { ...ALL, of: 'silver-live' }))).trim().split('\n')
  expect(premiums).toHaveLength(3)
  expect(premiums[1]).toMatch(/^2025-06-02T11:00:00.000Z,silver-live,oz,35\.92\d+,30\.000000,7\.1/)
})
