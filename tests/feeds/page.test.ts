import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { pageJson } from '../../src/reading/page.ts'
import { jsonBody } from './body.ts'

const read = (text: string) => pageJson(jsonBody('prices', text), z.unknown())

/** Numbers become their text, whatever stands around them. */
function exact(value: unknown): unknown {
  if (typeof value === 'number') return JSON.stringify(value)
  if (Array.isArray(value)) return value.map(exact)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, exact(each)]))
}

describe('the JSON of a page', () => {
  it('keeps every digit of a number', () => {
    expect(read('{"a":[29925.00,-0.50,1e3],"b":"7.10","c":7.10}')).toEqual({
      a: ['29925.00', '-0.50', '1e3'],
      b: '7.10',
      c: '7.10',
    })
  })
  it('has what strings say left alone, be they full of quotes, brackets and numbers', () => {
    const text = fc.string({ unit: fc.constantFrom('"', '\\', ',', ':', '[', '}', '1', '.5', ' ', 'e') })
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        text,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constant(null),
        tie('list'),
      ),
      list: fc.oneof(fc.array(tie('any')), fc.dictionary(text, tie('any'))),
    })).any
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2), (any, indent) => {
        const json = JSON.stringify([any], null, indent)
        expect(read(json)).toEqual(exact(JSON.parse(json)))
      }),
    )
  })
  it('is not understood when it is none', () => {
    expect(() => read('{"a":01}')).toThrow('page "prices" is not JSON; it begins "{\\"a\\":01}"')
  })
})
