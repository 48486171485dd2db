/** Prices as exact decimal text: checked, averaged and divided without a double in between. */
import { Refused } from './refuse.ts'

// At most a trillion with twelve decimals: anything longer is not a price.
const DECIMAL = /^(0|[1-9]\d{0,11})(\.\d{1,12})?$/

/** The text of a positive decimal as it was published, '29925.00' stays '29925.00'. Throws Refused for anything else. */
export function priceText(value: unknown, what = 'price'): string {
  if (isPrice(value)) return value
  throw new Refused(
    `${what} is ${JSON.stringify(value) ?? 'missing'}; expected a positive decimal such as 29925.00`,
  )
}

export function isPrice(value: unknown): value is string {
  return typeof value === 'string' && DECIMAL.test(value) && /[1-9]/.test(value)
}

/** `{ bid, ask }` as far as they are prices: a one-sided book says 0 or nothing. */
export function sides(bid: unknown, ask: unknown): { bid?: string; ask?: string } {
  return { ...(isPrice(bid) && { bid }), ...(isPrice(ask) && { ask }) }
}

/** The exact middle: '6.7131' and '6.7132' give '6.71315'. */
export function middleOf(a: string, b: string): string {
  const scale = Math.max(decimalsOf(a), decimalsOf(b)) + 1
  return textOf((scaled(a, scale) + scaled(b, scale)) / 2n, scale)
}

/** a / b with exactly `decimals` digits behind the point, half to even. */
export function quotientOf(a: string, b: string, decimals: number): string {
  const scale = Math.max(decimalsOf(a), decimalsOf(b))
  const numerator = scaled(a, scale) * 10n ** BigInt(decimals)
  const denominator = scaled(b, scale)
  const floor = numerator / denominator
  const twice = (numerator % denominator) * 2n
  const up = twice > denominator || (twice === denominator && floor % 2n === 1n)
  return textOf(up ? floor + 1n : floor, decimals)
}

function decimalsOf(text: string): number {
  return text.split('.')[1]?.length ?? 0
}

function scaled(text: string, scale: number): bigint {
  const [whole = '', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(scale, '0'))
}

function textOf(value: bigint, scale: number): string {
  const digits = value.toString().padStart(scale + 1, '0')
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
