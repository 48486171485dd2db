/** Decimals without a double in between: what a pocket calculator does, digit for digit. */

/** numerator over denominator; the denominator is positive */
export interface Exact {
  n: bigint
  d: bigint
}

/** '-118.80' exactly. Throws a SyntaxError for anything but a decimal. */
export function exact(decimal: string): Exact {
  const [whole = '', fraction = ''] = decimal.split('.')
  return { n: BigInt(whole + fraction), d: 10n ** BigInt(fraction.length) }
}

export type Operator = '+' | '-' | 'x' | '/'

/** Throws a RangeError when it divides by nothing. */
export function apply(a: Exact, operator: Operator, b: Exact): Exact {
  switch (operator) {
    case '+':
      return { n: a.n * b.d + b.n * a.d, d: a.d * b.d }
    case '-':
      return { n: a.n * b.d - b.n * a.d, d: a.d * b.d }
    case 'x':
      return { n: a.n * b.n, d: a.d * b.d }
    case '/': {
      if (b.n === 0n) throw new RangeError('division by zero')
      return b.n < 0n ? { n: -a.n * b.d, d: a.d * -b.n } : { n: a.n * b.d, d: a.d * b.n }
    }
  }
}

/** With exactly so many digits behind the point, half to even: '15.197228'. */
export function rounded({ n, d }: Exact, decimals: number): string {
  const scaled = (n < 0n ? -n : n) * 10n ** BigInt(decimals)
  const floor = scaled / d
  const twice = (scaled % d) * 2n
  const digits = (twice > d || (twice === d && floor % 2n === 1n) ? floor + 1n : floor)
    .toString()
    .padStart(decimals + 1, '0')
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
  return n < 0n && /[1-9]/.test(text) ? `-${text}` : text
}

/** '118.800000' -> '118.8' */
export function trimmed(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal
}

export function isSame(a: string, b: string): boolean {
  const [x, y] = [exact(a), exact(b)]
  return x.n * y.d === y.n * x.d
}
