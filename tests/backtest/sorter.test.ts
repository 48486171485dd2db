import { expect, onTestFinished, test, vi } from 'vitest'
import { openSorter } from '../../src/backtest/sorter.ts'

/** The same "random" numbers every time. */
function* numbers(seed: number): Generator<number> {
  for (let number = seed; ; ) {
    number = (number * 48_271) % 2_147_483_647
    yield number
  }
}

const WAYS: Record<string, (rows: number[][]) => number[][]> = {
  'in order': (rows) => rows,
  'the other way round': (rows) => rows.toReversed(),
  'one file behind another that it overlaps': (rows) => [
    ...rows.filter((_, i) => i % 3 === 0),
    ...rows.filter((_, i) => i % 3 !== 0),
  ],
  'in no order at all': (rows) => {
    const next = numbers(7)
    return rows
      .map((row) => [next.next().value, row])
      .toSorted(([a], [b]) => Number(a) - Number(b))
      .map(([, row]) => row as number[])
  },
}

const ordered = Array.from({ length: 1_000 }, (_, i) => [Math.floor(i / 7), i % 7, i / 3])

test.for(Object.keys(WAYS).flatMap((way) => [3, 299, 2_000].map((held): [string, number] => [way, held])))(
  'rows that come %s are sorted with %i of them in memory',
  async ([way, held]) => {
    await using sorter = openSorter(3, held)
    for (const row of WAYS[way]?.(ordered) ?? []) await sorter.add(row)
    for (const _ of ['once', 'again']) {
      const sorted: number[] = []
      for await (const part of sorter.sorted()) sorted.push(...part)
      expect(sorted).toEqual(ordered.flat())
    }
  },
)

test('nothing is sorted into nothing', async () => {
  await using sorter = openSorter(3)
  const parts = await Array.fromAsync(sorter.sorted())
  expect(parts.flatMap((part) => [...part])).toEqual([])
})

test('a temporary folder that cannot be written is named, and how to choose another', async () => {
  vi.stubEnv('TMPDIR', '/there/is/none')
  onTestFinished(() => void vi.unstubAllEnvs())
  await using sorter = openSorter(1, 2)
  sorter.add([1])
  await expect(sorter.add([2])).rejects.toThrow(
    /^The prices cannot be sorted in \/there\/is\/none: .*; TMPDIR names another folder\.$/,
  )
})
