/** docs/schemas/webhook is made by this test: `npm test -- tests/channels/schemas.test.ts -u` writes it anew. */
import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DATA } from '../../src/message/data.ts'
import { MESSAGES } from './samples.ts'

const FOLDER = '../../docs/schemas/webhook'

describe.for(Object.entries(DATA))('%s', ([type, data]) => {
  const message = z.object({ type: z.literal(type), timestamp: z.iso.datetime({ precision: 3 }), data })

  test('the published JSON Schema is the one that the program holds its messages to', async () => {
    // Of the input side: receivers must not refuse keys that a later version adds.
    const schema = { title: `Metalgap webhook ${type}`, ...z.toJSONSchema(message, { io: 'input' }) }
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(`${FOLDER}/${type}.json`)
  })

  test('what is told of it fits, and holds nothing that the schema does not name', () => {
    const told = MESSAGES.filter((one) => one.type === type)
    expect(told.length).toBeGreaterThan(0)
    for (const one of told) expect(message.parse(one)).toEqual(one)
  })
})

test('no schema is published of a type that is never sent', async () => {
  const files = await readdir(new URL(FOLDER, import.meta.url))
  expect(files.sort()).toEqual(
    Object.keys(DATA)
      .map((type) => `${type}.json`)
      .sort(),
  )
})
