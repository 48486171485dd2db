import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { chart, chartOf } from '../../src/slack/chart.ts'
import { breach } from './samples.ts'

const recent = (values: (string | null)[], from = '2026-01-29T01:00:46.000Z') => ({
  ...{ from, to: '2026-01-29T07:00:46.000Z', values },
})

test('every chunk of the picture bears its checksum', () => {
  const file = Buffer.from(
    chart(
      { value: '8.00', raise: '5.50', clear: '5.00', recent: recent(['4.2', null, '5.1', '8.0']) },
      'UTC',
    ),
  )
  const types: string[] = []
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at)
    types.push(file.subarray(at + 4, at + 8).toString())
    expect(file.readUInt32BE(at + 8 + length)).toBe(crc32(file.subarray(at + 4, at + 8 + length)))
    at += length + 12
  }
  expect(types).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND'])
})

test.for([
  ['one figure that stands still', { value: '5', raise: '5', clear: '5', recent: recent(['5', '5']) }],
  ['nothing but zero', { value: '0', raise: '0', clear: '0', recent: recent(['0', '0']) }],
  [
    'a rule below',
    { value: '-3.2', raise: '-3', clear: '-2.5', recent: recent(['-1', '-2'], '2025-12-30T07:00:46Z') },
  ],
  ['large figures', { value: '98765.4', raise: '90000', clear: '80000', recent: recent(['1', '98765.4']) }],
  [
    'figures below a thousandth',
    { value: '0.0009', raise: '0.0005', clear: '0', recent: recent(['0.0001', '0.0009']) },
  ],
] as const)('%s are drawn', ([, charted]) => {
  expect(
    chart({ ...charted, recent: { ...charted.recent, values: [...charted.recent.values] } }, 'Asia/Shanghai')
      .length,
  ).toBeGreaterThan(500)
})

test('who does not see it is told what it shows', () => {
  expect(chartOf(breach(), { time_zone: 'Europe/Zurich' })).toMatchObject({
    name: 'example-gap.png',
    alt: expect.stringMatching(
      /^example-gap in USD\/oz, .* Zurich to .* Zurich: now 8.000623, raise 5.50, clear 5.00$/,
    ),
  })
})

test('news that is no breach has no chart', () => {
  expect(
    chartOf({ type: 'feed.failing', timestamp: '2026-01-29T07:00:46.000Z', data: {} }, { time_zone: 'UTC' }),
  ).toBeNull()
})
