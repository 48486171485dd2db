import { execFileSync } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Titles } from '../../src/price-file/header.ts'
import { priceRows, readPriceFile } from '../../src/price-file.ts'

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
      'prices.csv:2: date: found "2026-02-30", expected a date such as 2026-01-29 or 29-Jan-2026',
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

  test.for([
    ['2026-01-29', '2026-01-29'],
    ['29-Jan-2026', '2026-01-29'],
    ['9 September 2026', '2026-09-09'],
    ['"Jan 29, 2026"', '2026-01-29'],
    ['2026/1/9', '2026-01-09'],
  ] as const)('takes %s for a date, as spreadsheets and publishers write it', async ([written, date]) => {
    const [row] = await readPriceFile(await fileWith(`Date,Price\n${written},71.99\n`), 'lbma/silver')
    expect(row?.when).toEqual({ date })
  })

  test.for([
    ...['05/12/2025', '31/12/2025', '31.12.2025', '46022', '29-Jan-26', '30-Feb-2026', '29-Mrz-2026'],
    ...['20260129', '2026-01-29 00:00:00', 'yesterday', ''],
  ])('takes "%s" for no date', async (written) => {
    expect(await problemOf(`date,price\n${written},71.99\n`, 'lbma/silver')).toBe(
      `prices.csv:2: date: found "${written}", expected a date such as 2026-01-29 or 29-Jan-2026`,
    )
  })

  test.for([
    '71,12',
    '1,071.12',
    '1.071,12',
    "1'071.12",
    '$71.12',
    '71.12 USD',
    '-3',
    '0',
    'N/A',
    '#N/A',
    '71-72',
    '1e3',
  ])('takes "%s" for no price', async (written) => {
    expect(await problemOf(`date,price\n2026-01-29,"${written}"\n`, 'lbma/silver')).toBe(
      `prices.csv:2: price: found "${written}", expected a positive decimal number such as 118.80`,
    )
  })

  test.for([';', '\t'])('may separate its fields with %j; a comma is then no decimal point', async (mark) => {
    const lines = `${['date', 'price'].join(mark)}\n${['2026-01-29', '71.12'].join(mark)}\n`
    expect(await readPriceFile(await fileWith(lines), 'lbma/silver')).toMatchObject([{ price: '71.12' }])
    expect(await problemOf(lines.replace('71.12', '71,12'), 'lbma/silver')).toContain(
      '2: price: found "71,12"',
    )
  })

  test('loses no row over what spreadsheets leave behind: columns and lines without anything in them', async () => {
    const file = await fileWith('date,price,,\n2026-01-29,71.12,,\n,,,\n2026-01-30,71.99,,,,\n')
    expect(await readPriceFile(file, 'lbma/silver')).toMatchObject([{ line: 2 }, { line: 4 }])
  })

  test('tells of a footer by its line', async () => {
    expect(await problemOf('date,price\n2026-01-29,71.12\n\nSource: a publisher\n', 'lbma/silver')).toBe(
      'prices.csv:4: found 1 field, expected 2: date,price',
    )
  })

  test.for([
    ['UTF-16', Buffer.from('\ufeffdate\tprice\n', 'utf16le')],
    ['Latin-1', Buffer.from('date,prix \u00e9\n', 'latin1')],
    ['a workbook', Buffer.from('PK\x03\x04\x14\0', 'latin1')],
  ] as const)('in %s is sent back to Excel', async ([, bytes]) => {
    const file = await fileWith(bytes)
    await expect(readPriceFile(file)).rejects.toThrow(
      `${file}:1: it is not CSV in UTF-8; from Excel save it as "CSV UTF-8 (comma delimited)"`,
    )
  })

  test('that is cut off in the middle of its compression is read up to there, and names the line', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `2026-01-29,${i * 7919 + 1}\n`)
    const whole = gzipSync(`date,price\n${lines.join('')}`)
    const file = await fileWith(whole.subarray(0, whole.length / 2), 'prices.csv.gz')
    await expect(readPriceFile(file, 'lbma/silver')).rejects.toThrow(
      /prices\.csv\.gz:\d+: the compressed file is cut off$/,
    )
  })

  test('may be a pipe', async () => {
    const pipe = join(await mkdtemp(join(tmpdir(), 'metalgap-prices-')), 'pipe')
    execFileSync('mkfifo', [pipe])
    const [rows] = await Promise.all([
      readPriceFile(pipe, 'lbma/silver'),
      writeFile(pipe, gzipSync('date,price\n2026-01-29,118.45\n')),
    ])
    expect(rows).toMatchObject([{ price: '118.45' }])
  })

  test('that is not there, or is a folder, is an error that names it', async () => {
    await expect(readPriceFile('/nowhere/prices.csv')).rejects.toThrow(
      '/nowhere/prices.csv: there is no such file',
    )
    await expect(readPriceFile(tmpdir())).rejects.toThrow(`${tmpdir()}: it is a folder, expected a file`)
  })
})

describe('columns of other names', () => {
  const PUBLISHED = 'Assessment Date,Symbol,Low,Mid,High\n29-Jan-2026,MB-1,70.9,71.2,71.5\n'
  const rowsOf = async (content: string, columns: Titles) => {
    const rows: unknown[] = []
    for await (const some of priceRows(await fileWith(content), { series: 'lbma/silver', columns }))
      rows.push(...some)
    return rows
  }

  test('are taken as they are asked for, and the others left out', async () => {
    const asked = { date: 'assessment date', price: 'Mid', bid: 'Low', ask: 'High' }
    expect(await rowsOf(PUBLISHED, asked)).toMatchObject([
      { line: 2, when: { date: '2026-01-29' }, price: '71.2', bid: '70.9', ask: '71.5' },
    ])
    expect(await rowsOf('Date,USD,GBP,EUR\n2026-01-29,71.2,53.0,61.1\n', { price: 'USD' })).toMatchObject([
      { when: { date: '2026-01-29' }, price: '71.2' },
    ])
    expect(await rowsOf('日期;价格\n2026/1/29;18200\n', { date: '日期', price: '价格' })).toMatchObject([
      { when: { date: '2026-01-29' }, price: '18200' },
    ])
  })

  test('are not guessed: where none is asked for, the header is refused, and the way to ask is told', async () => {
    await expect(rowsOf(PUBLISHED, {})).rejects.toThrow(
      'found the header "Assessment Date,Symbol,Low,Mid,High", expected price, either time or date, and perhaps series, bid, ' +
        'ask, known_at; where yours have other names: --column date=Date --column price=Mid',
    )
  })

  test.for([
    ['is not there', { date: 'Assessment Date', price: 'Average' }],
    ['stands there twice', { date: 'Assessment Date', price: 'Mid', bid: 'Low' }],
    ['is one of two that are needed', { price: 'Mid' }],
  ] as const)('are refused where one %s', async ([, asked]) => {
    await expect(rowsOf(PUBLISHED.replaceAll('High', 'Low'), asked)).rejects.toThrow(
      /:1: found the header .*, expected "/,
    )
  })

  test('of a file with a date and a time, the one that is asked for', async () => {
    const file = 'Date,Time,Price\n2026-01-29,12:00,71.2\n'
    expect(await rowsOf(file, { date: 'Date' })).toMatchObject([{ when: { date: '2026-01-29' } }])
    await expect(rowsOf(file, { price: 'Price' })).rejects.toThrow('either time or date one each')
  })
})
