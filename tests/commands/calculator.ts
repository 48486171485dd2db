/** Works printed calculations again from left to right, digit by digit, sharing no code with what printed them. */

interface Fraction {
  over: bigint
  under: bigint
}

/** From 'name', 'a unit x b unit / c unit', '= d unit, stored as e' to {name: e}; throws where a line does not add up. */
export function redo(lines: readonly string[]): Record<string, string> {
  const results: Record<string, string> = {}
  lines.forEach((line, i) => {
    const [, shown = ''] = /^ {4}= (-?[\d.]+) /.exec(line) ?? []
    if (shown === '') return
    const value = work(lines[i - 1] ?? '')
    if (digits(value, 12).replace(/\.?0+$/, '') !== shown) throw new Error(`${lines[i - 1]} is not ${shown}`)
    const [, stored] = /stored as (-?[\d.]+)$/.exec(line) ?? []
    const six = digits(value, 6)
    if (stored !== undefined && stored !== six) throw new Error(`${lines[i - 1]} is ${six}, not ${stored}`)
    results[(lines[i - 2] ?? '').trim()] = six
  })
  return results
}

function work(formula: string): Fraction {
  const words = formula.trim().split(' ')
  let value = fraction(words[0] ?? '')
  words.forEach((word, i) => {
    if (!['x', '/', '-', '+'].includes(word)) return
    const next = fraction(words[i + 1] ?? '')
    if (word === 'x') value = { over: value.over * next.over, under: value.under * next.under }
    if (word === '/') value = { over: value.over * next.under, under: value.under * next.over }
    const sum = word === '+' ? 1n : -1n
    if (word === '-' || word === '+')
      value = {
        over: value.over * next.under + sum * next.over * value.under,
        under: value.under * next.under,
      }
  })
  return value
}

function fraction(text: string): Fraction {
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new Error(`"${text}" is no figure`)
  const places = text.split('.')[1]?.length ?? 0
  return { over: BigInt(text.replace('.', '')), under: 10n ** BigInt(places) }
}

/** Half to even. */
function digits({ over, under }: Fraction, places: number): string {
  const negative = over < 0n !== under < 0n
  const [a, b] = [over < 0n ? -over : over, under < 0n ? -under : under]
  const scaled = a * 10n ** BigInt(places)
  const rest = (scaled % b) * 2n
  const whole = scaled / b + (rest > b || (rest === b && (scaled / b) % 2n === 1n) ? 1n : 0n)
  const text = whole.toString().padStart(places + 1, '0')
  return `${negative && whole !== 0n ? '-' : ''}${text.slice(0, -places)}.${text.slice(-places)}`
}
