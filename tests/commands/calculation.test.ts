import { expect, test } from 'vitest'
import type { Pair } from '../../src/config.ts'
import type { SeriesFacts } from '../../src/engine/model.ts'
import { calculation, type Quoted, type Tax, taxOf } from '../../src/explain/calculation.ts'
import { apply, exact, rounded } from '../../src/explain/exact.ts'

const AT = new Date('2030-01-15T02:00:00Z')
const BARE: Tax = { basis: 'none', rate: null, since: null, source: null, because: '' }
const NUMBERS = {
  east_usd: '0',
  west_usd: '0',
  as_quoted_usd: '0',
  as_quoted_pct: '0',
  ex_tax_usd: null,
  ex_tax_pct: null,
}

function price(text: string, facts: Partial<SeriesFacts>): Quoted {
  const zone = 'Asia/Shanghai'
  return {
    price: text,
    at: AT,
    facts: { series: 'x/y', currency: 'USD', unit: 'oz', zone, ...facts } as SeriesFacts,
  }
}

function formulas(unit: Pair['unit'], east: Quoted, fx: Quoted | null = null): string[] {
  const west = price('10', { unit: unit === 'mtu' ? 'mtu' : unit })
  return calculation({ unit } as Pair, { east, west, fx }, BARE, NUMBERS).map(({ formula }) => formula)
}

test.for([
  ['oz', { unit: 'kg' }, '500 USD/kg x 0.0311034768 kg/oz'],
  ['oz', { unit: 'g' }, '500 USD/g x 31.1034768 g/oz'],
  ['t', { unit: 'kg' }, '500 USD/kg x 1000 kg/t'],
  ['kg', { unit: 't' }, '500 USD/t x 0.001 t/kg'],
  ['kg', { unit: 'lb' }, '500 USD/lb x 1000 g/kg / 453.59237 g/lb'],
  ['oz', { unit: 'oz' }, '500 USD/oz'],
  ['mtu', { unit: 'mtu', fraction: 0.793 }, '500 USD/mtu'],
  ['kg', { unit: 'mtu', fraction: 0.793 }, '500 USD/mtu x 0.1 mtu/kg / 0.793 of metal in it'],
] as const)('a price for a premium per %s is converted as written: %s, %s', ([unit, facts, formula]) => {
  expect(formulas(unit, price('500', facts))[0]).toBe(formula)
})

test('yuan are divided by the rate, dollars are not', () => {
  const fx = price('7.0001', { currency: 'CNY', unit: null, kind: 'rate' })
  expect(formulas('oz', price('500', { currency: 'CNY' }), fx).slice(0, 2)).toEqual([
    '500 CNY/oz / 7.0001 CNY/USD',
    '10 USD/oz',
  ])
})

test('the tax is that of the date in the zone of the venue', () => {
  const metal = { china_vat: [{ from: '2030-01-15', rate: 0.13, source: 'notice 1' }] }
  const east = (at: string, tax_basis: SeriesFacts['tax_basis']) => ({
    ...price('500', { tax_basis }),
    at: new Date(at),
  })
  expect(taxOf(metal, east('2030-01-14T16:00:00Z', 'inclusive'))).toMatchObject({
    rate: 0.13,
    source: 'notice 1',
  })
  expect(taxOf(metal, east('2030-01-14T15:59:59Z', 'inclusive'))).toMatchObject({
    rate: null,
    because: expect.stringContaining('before the first rate'),
  })
  expect(taxOf(metal, east('2030-01-15T00:00:00Z', 'unknown')).because).toContain('not known')
  expect(taxOf(metal, east('2030-01-15T00:00:00Z', 'exclusive')).because).toContain('holds no tax')
})

test('decimals are exact, and rounded half to even', () => {
  const text = (a: string, operator: '+' | '-' | 'x' | '/', b: string, decimals: number) =>
    rounded(apply(exact(a), operator, exact(b)), decimals)
  expect(text('0.1', '+', '0.2', 6)).toBe('0.300000')
  expect(text('1', '/', '-3', 6)).toBe('-0.333333')
  expect(text('0.0000005', 'x', '1', 6)).toBe('0.000000')
  expect(text('0.0000015', 'x', '1', 6)).toBe('0.000002')
  expect(text('-0.0000015', 'x', '1', 6)).toBe('-0.000002')
  expect(text('-0.0000004', 'x', '1', 6)).toBe('0.000000')
  expect(text('7', '-', '9.5', 0)).toBe('-2')
  expect(() => apply(exact('1'), '/', exact('0.00'))).toThrow(RangeError)
})
