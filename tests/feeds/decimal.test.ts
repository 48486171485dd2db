import fc from 'fast-check'
import { expect, test } from 'vitest'
import { middleOf, priceText, quotientOf } from '../../src/reading/decimal.ts'

const decimals = 4
const number = fc.integer({ min: 1, max: 99_999_999 })
const text = (n: number) =>
  `${Math.floor(n / 10 ** decimals)}.${String(n % 10 ** decimals).padStart(decimals, '0')}`

test('the middle is exact: twice the middle is the sum', () => {
  fc.assert(
    fc.property(number, number, (a, b) => {
      const middle = BigInt(middleOf(text(a), text(b)).replace('.', ''))
      expect(middle * 2n).toBe(BigInt(a + b) * 10n)
    }),
  )
})

test('a quotient is never further than half a last digit from the truth', () => {
  fc.assert(
    fc.property(number, number, (a, b) => {
      const quotient = BigInt(quotientOf(text(a), text(b), 6).replace('.', ''))
      const error = quotient * BigInt(b) - BigInt(a) * 1_000_000n
      expect((error < 0n ? -error : error) * 2n <= BigInt(b)).toBe(true)
    }),
  )
})

test.for(['29925.00', '0.001', '7', '999999999999.999999999999'])('%s is a price, to the digit', (price) => {
  expect(priceText(price)).toBe(price)
})

test.for([
  '',
  ' 7',
  '07',
  '7.',
  '.7',
  '+7',
  '1e3',
  '1,000',
  'Infinity',
  '0',
  '0.000',
  null,
  undefined,
  7,
  '7.0000000000001',
])('%s is no price', (value) => expect(() => priceText(value)).toThrow('expected a positive decimal'))
