/** Exact arithmetic on fractions of BigInts: what the engine's doubles are held to. It shares no code with the engine. */
export interface Fraction {
  n: bigint
  d: bigint
}

/** '31.1034768' or '-0.5' as a fraction */
export function exact(text: string): Fraction {
  const [, sign = '', whole = '0', decimals = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  return { n: BigInt(`${sign}${whole}${decimals}`), d: 10n ** BigInt(decimals.length) }
}

export const times = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.n, d: a.d * b.d })
export const over = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d, d: a.d * b.n })
export const minus = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d - b.n * a.d, d: a.d * b.d })

/** The text of a fraction with six decimals, half to even. */
export function rounded(value: Fraction): string {
  const isNegative = value.n < 0n !== value.d < 0n
  const n = (value.n < 0n ? -value.n : value.n) * 1_000_000n
  const d = value.d < 0n ? -value.d : value.d
  let units = n / d
  const twice = 2n * (n % d)
  if (twice > d || (twice === d && units % 2n === 1n)) units += 1n
  const digits = units.toString().padStart(7, '0')
  return `${isNegative && units > 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`
}

/** How far the value lies from the nearest tie at six decimals, as a fraction of that last decimal. */
export function fromTie(value: Fraction): number {
  const d = value.d < 0n ? -value.d : value.d
  const n = (value.n < 0n ? -value.n : value.n) * 1_000_000n
  return Math.abs(Number(((n % d) * 1_000_000_000n) / d) / 1e9 - 0.5)
}
