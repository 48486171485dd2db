import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { round6, text6 } from '../../src/engine/round.ts'
import { taxAt } from '../../src/engine/tax.ts'
import { unitFactor } from '../../src/engine/units.ts'
import { at, east, rate, silver, tell, told, west } from './build.ts'
import { exact, type Fraction, fromTie, minus, over, rounded, times } from './exact.ts'

const HUNDRED = exact('100')

/** Decimal texts between the bounds, with up to so many decimals. */
const decimals = (from: number, to: number, places: number) =>
  fc
    .tuple(fc.integer({ min: from, max: to - 1 }), fc.integer({ min: 0, max: 10 ** places - 1 }))
    .map(([whole, rest]) => `${whole}.${String(rest).padStart(places, '0')}`)

describe('rounding', () => {
  test.for([
    [0.0000005, '0.000000'],
    [0.0000015, '0.000002'],
    [0.0000025, '0.000002'],
    [1.0000005, '1.000000'],
    [1.0000015, '1.000002'],
    [-1.0000025, '-1.000002'],
    [-1.0000015, '-1.000002'],
    [0.1 + 0.2, '0.300000'],
    [12.7922789999, '12.792279'],
    [123456789.0000005, '123456789.000000'],
    [-0.0000001, '0.000000'],
  ] as const)('%d is %s, half to even', ([value, text]) => {
    expect(text6(round6(value))).toBe(text)
  })
  it('leaves alone what has no sixth decimal, and what is no number', () => {
    expect([1e15, -1e300, Number.POSITIVE_INFINITY].map(round6)).toEqual([
      1e15,
      -1e300,
      Number.POSITIVE_INFINITY,
    ])
    expect(round6(Number.NaN)).toBeNaN()
  })
  it('of any decimal text is exactly what a person with paper gets, ties included', () => {
    fc.assert(
      fc.property(decimals(0, 100_000, 7), fc.boolean(), (text, isNegative) => {
        const signed = isNegative ? `-${text}` : text
        expect(text6(round6(Number(signed)))).toBe(rounded(exact(signed)))
      }),
      { numRuns: 5000 },
    )
  })
  it('is done once: a rounded number rounds to itself', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e8, max: 1e8, noNaN: true }),
        (value) => round6(round6(value)) === round6(value),
      ),
    )
  })
})

describe('a premium', () => {
  /** CNY/kg, USD/oz and CNY/USD to the five figures of a premium, with and without 13 % tax */
  function byHand(inCny: string, inUsd: string, perUsd: string): Record<string, Fraction> {
    const eastUsd = over(times(exact(inCny), over(exact('31.1034768'), exact('1000'))), exact(perUsd))
    const westUsd = exact(inUsd)
    const exTax = over(eastUsd, exact('1.13'))
    const percent = (value: Fraction) => times(over(minus(value, westUsd), westUsd), HUNDRED)
    return {
      east_usd: eastUsd,
      west_usd: westUsd,
      as_quoted_usd: minus(eastUsd, westUsd),
      as_quoted_pct: percent(eastUsd),
      ex_tax_usd: minus(exTax, westUsd),
      ex_tax_pct: percent(exTax),
    }
  }
  function premiumOf(inCny: string, inUsd: string, perUsd: string) {
    const events = [rate('10:00', Number(perUsd)), west('10:00', Number(inUsd)), east('10:00', Number(inCny))]
    return tell(silver({ plausible_premium: [-100, 1e6] }), events).premiums[0]
  }
  it('is what the pocket calculator says', () => {
    expect(premiumOf('8000', '30', '7.1')).toMatchObject({
      east_usd: 35.046171,
      as_quoted_usd: 5.046171,
      as_quoted_pct: 16.82057,
      ex_tax_usd: 1.014311,
      ex_tax_pct: 3.381036,
      landed_usd: null,
      landed_pct: null,
    })
  })
  it('agrees with exact arithmetic to six decimals, whatever the prices', () => {
    fc.assert(
      fc.property(
        decimals(1000, 90_000, 2),
        decimals(5, 300, 4),
        decimals(5, 9, 6),
        (inCny, inUsd, perUsd) => {
          const premium = premiumOf(inCny, inUsd, perUsd)
          for (const [name, value] of Object.entries(byHand(inCny, inUsd, perUsd))) {
            fc.pre(fromTie(value) > 1e-6) // nearer than that to a tie, no double can tell
            expect(text6(premium?.[name as 'east_usd'] ?? Number.NaN)).toBe(rounded(value))
          }
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe('tax', () => {
  const vat = [
    { from: '2018-05-01', rate: 0.16 },
    { from: '2019-04-01', rate: 0.13 },
  ]
  const divisor = (basis: 'inclusive' | 'exclusive' | 'unknown', instant: string) => {
    const [leg] = silver({}, { east: { facts: { tax_basis: basis }, vat } }).east
    return taxAt(leg?.tax ?? [], Date.parse(instant))?.divisor ?? null
  }
  it('is taken out at the rate in force on the date of the east leg, in its venue', () => {
    expect(divisor('inclusive', '2018-05-01T00:00+08:00')).toBe(1.16)
    expect(divisor('inclusive', '2019-03-31T23:59:59+08:00')).toBe(1.16)
    expect(divisor('inclusive', '2019-04-01T00:00+08:00')).toBe(1.13)
    expect(divisor('inclusive', '2026-01-28T10:00+08:00')).toBe(1.13)
  })
  it('cannot be said before the first rate, nor of a basis that nobody knows', () => {
    expect(divisor('inclusive', '2018-04-30T23:59:59+08:00')).toBeNull()
    expect(divisor('unknown', '2026-01-28T10:00+08:00')).toBeNull()
    const unknown = silver({}, { east: { facts: { tax_basis: 'unknown' } } })
    expect(
      tell(unknown, [rate('10:00', 7.1), west('10:00', 30), east('10:00', 8000)]).premiums,
    ).toMatchObject([{ ex_tax_usd: null, ex_tax_pct: null, as_quoted_usd: 5.046171 }])
  })
  it('changes nothing where the price is without it', () => {
    expect(divisor('exclusive', '2010-01-01T00:00Z')).toBe(1)
  })
})

describe('units', () => {
  test.for([
    ['kg', 'oz', 0.0311034768],
    ['g', 'kg', 1000],
    ['lb', 't', 1_000_000 / 453.59237],
    ['oz', 'oz', 1],
    ['mtu', 'mtu', 1],
  ] as const)('a price per %s becomes one per %s by %d', ([from, to, factor]) => {
    expect(unitFactor(from, to)).toBeCloseTo(factor, 12)
  })
  it('turn a compound into the metal in it: 300 USD per mtu of WO3 are 37831 USD per tonne of tungsten', () => {
    expect(300 * (unitFactor('mtu', 't', 0.793) ?? 0)).toBeCloseTo(37_831.02, 1)
    expect(unitFactor('t', 't', 0.5)).toBe(2)
  })
  it('convert nothing else into an mtu, which measures the compound', () => {
    expect(unitFactor('t', 'mtu')).toBeNull()
  })
})

it('the story of a test is told in UTC', () => {
  expect([told(at('10:00')), told(at('29 10:00:30'))]).toEqual(['10:00', '29 10:00:30'])
})
