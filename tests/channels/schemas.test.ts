import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { messageSchemas } from '../../src/message/schemas.ts'
import { MESSAGES } from './samples.ts'

describe.for(messageSchemas())('$type', ({ type, message, json, file }) => {
  test('the published JSON Schema is the one that the program holds its messages to', async () => {
    expect(JSON.parse(await readFile(file, 'utf8')), 'run: node src/message/schemas.ts').toEqual(json)
  })

  test('what is told of it fits, and holds nothing that the schema does not name', () => {
    const told = MESSAGES.filter((one) => one.type === type)
    expect(told.length).toBeGreaterThan(0)
    for (const one of told) expect(message.parse(one)).toEqual(one)
  })
})

test('no schema is published of a type that is never sent', async () => {
  const files = await readdir(new URL('../../docs/schemas/webhook/', import.meta.url))
  const types = messageSchemas().map(({ type }) => `${type}.json`)
  expect(files.sort()).toEqual(types.sort())
})
