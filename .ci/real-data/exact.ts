/** Exact arithmetic for the reference: shares no code with the product. Fractions of integers, rounded once. */

interface Fraction {
  over: bigint
  under: bigint
}

function fraction(text: string): Fraction {
  const [whole = '0', decimals = ''] = text.split('.')
  return { over: BigInt(whole + decimals), under: 10n ** BigInt(decimals.length) }
}

const times = (a: Fraction, b: Fraction): Fraction => ({
  over: a.over * b.over,
  under: a.under * b.under,
})
const by = (a: Fraction, b: Fraction): Fraction => ({
  over: a.over * b.under,
  under: a.under * b.over,
})
const minus = (a: Fraction, b: Fraction): Fraction => ({
  over: a.over * b.under - b.over * a.under,
  under: a.under * b.under,
})

/** Six decimals, half to even. */
function six({ over, under }: Fraction): string {
  const negative = over < 0n !== under < 0n && over !== 0n
  const [n, d] = [over < 0n ? -over : over, under < 0n ? -under : under]
  const scaled = n * 1_000_000n
  let quotient = scaled / d
  const rest = 2n * (scaled % d)
  if (rest > d || (rest === d && quotient % 2n === 1n)) quotient += 1n
  const digits = quotient.toString().padStart(7, '0')
  const sign = negative && quotient !== 0n ? '-' : ''
  return `${sign}${digits.slice(0, -6)}.${digits.slice(-6)}`
}

const KG_PER_OZ = fraction('0.0311034768')

/** As quoted and ex tax, USD per ounce and percent, of CNY/kg, USD/oz, CNY per USD and a VAT rate. */
export function premiumOf(cny_per_kg: string, usd_per_oz: string, rate: string, vat: string): string[] {
  const west = fraction(usd_per_oz)
  const east = by(times(fraction(cny_per_kg), KG_PER_OZ), fraction(rate))
  const exTax = by(east, fraction(vat))
  const percent = (of: Fraction) => by(times(minus(of, west), fraction('100')), west)
  return [minus(east, west), percent(east), minus(exTax, west), percent(exTax)].map(six)
}
