import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readPriceFile } from '../../src/price-file.ts'

async function fileWith(content: string | Buffer, name = 'prices.csv'): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'metalgap-prices-')), name)
  await writeFile(file, content)
  return file
}

const problemOf = async (content: string, series?: string) => {
  const file = await fileWith(content)
  const error = await readPriceFile(file, series).then(
    () => new Error('nothing was wrong'),
    (reason: Error) => reason,
  )
  return error.message.replaceAll(file, 'prices.csv')
}

describe('a price file', () => {
  test('keeps prices as the text that was written, with bid, ask and when they were known', async () => {
    const file = await fileWith(
      'time,series,price,bid,ask,known_at\r\n2026-01-29T15:00:46+08:00,sina/ag-td,29925.00,29943,30099,2026-01-29T07:01:00Z\r\n',
    )
    expect(await readPriceFile(file)).toEqual([
      {
        file,
        line: 2,
        series: 'sina/ag-td',
        when: { time: Date.parse('2026-01-29T07:00:46Z') },
        price: '29925.00',
        bid: '29943',
        ask: '30099',
        known_at: Date.parse('2026-01-29T07:01:00Z'),
      },
    ])
  })

  test('may be gzipped, begin with a byte order mark and leave the series to the caller', async () => {
    const file = await fileWith(gzipSync('\ufeffdate,price\n2026-01-29,118.45\n'), 'prices.csv.gz')
    expect(await readPriceFile(file, 'lbma/silver')).toEqual([
      { file, line: 2, series: 'lbma/silver', when: { date: '2026-01-29' }, price: '118.45' },
    ])
  })

  test('tells every mistake at once, each with its line', async () => {
    const problem = await problemOf(
      'date,price\n2026-02-30,1\n\n2026-02-27,0\n2026-02-26,7.1e3\n2026-02-25,60\n',
      'lbma/silver',
    )
    expect(problem.split('\n')).toEqual([
      'prices.csv:2: date: found "2026-02-30", expected a date such as 2026-01-29',
      'prices.csv:4: price: found "0", expected a positive decimal number such as 118.80',
      'prices.csv:5: price: found "7.1e3", expected a positive decimal number such as 118.80',
    ])
  })

  test('refuses a time without a zone, and a day that no calendar has', async () => {
    const problem = await problemOf(
      'time,price\n2026-01-29T15:00:46,1\n2026-02-30T00:00:00Z,1\n',
      'lbma/silver',
    )
    expect(problem).toContain(
      'prices.csv:2: time: found "2026-01-29T15:00:46", expected an ISO time with a zone',
    )
    expect(problem).toContain('prices.csv:3: time: found "2026-02-30T00:00:00Z"')
  })

  test.for([
    ['a column that nobody knows', 'time,price,volume\n'],
    ['no price', 'time,series\n'],
    ['both time and date', 'time,date,price\n'],
    ['neither time nor date', 'series,price\n'],
  ] as const)('refuses a header with %s', async ([, header]) => {
    expect(await problemOf(header)).toMatch(
      /^prices.csv:1: found the header ".*", expected price, either time or date/,
    )
  })

  test('says which line has too many fields', async () => {
    expect(await problemOf('date,price\n2026-01-29,1\n2026-01-30,1,2\n', 'lbma/silver')).toContain(
      'prices.csv:3: found 3 fields, expected 2',
    )
  })

  test('wants a series from somewhere', async () => {
    expect(await problemOf('date,price\n2026-01-29,1\n')).toBe(
      'prices.csv:2: no series: name it in a column `series` or with --series',
    )
  })

  test('that is not there is an error that names it', async () => {
    await expect(readPriceFile('/nowhere/prices.csv')).rejects.toMatchObject({ exitCode: 1 })
  })
})
