import { expect, test } from 'vitest'
import { openTurns } from '../../src/import/turns.ts'

function newBatch() {
  const values: number[] = []
  return {
    values,
    get rows() {
      return values.length
    },
    add: (value: number) => void values.push(value),
    clear: () => void values.splice(0),
  }
}

test('every row is loaded once, also where nobody waits while a full batch is', async () => {
  const loaded: number[] = []
  const turns = openTurns(newBatch, 50, async ({ values }) => {
    const before = [...values]
    await new Promise(setImmediate)
    expect(values).toEqual(before)
    loaded.push(...values)
  })
  const rows = Array.from({ length: 170 }, (_, i) => i)
  for (const row of rows) {
    const full = turns.add(row)
    if (full !== null && row % 10 === 7) await full
  }
  await turns.end()
  expect(loaded).toEqual(rows)
})

test('what a load throws, whoever goes on is told', async () => {
  const turns = openTurns(newBatch, 50, async () => {
    throw new Error('the database went away')
  })
  const fill = async () => {
    for (let i = 0; i < 200; i++) await turns.add(i)
    await turns.end()
  }
  await expect(fill()).rejects.toThrow('the database went away')
})
