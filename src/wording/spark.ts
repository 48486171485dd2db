const BLOCKS = ['▁', '▂', '▃', '▅', '▇']

/** '▁▁▂▅▇', from the lowest to the highest of the values; `·` where there was none. */
export function sparkline(values: readonly (string | null)[]): string {
  const numbers = values.map((value) => (value === null ? null : Number(value)))
  const known = numbers.filter((number) => number !== null)
  const lowest = Math.min(...known)
  const step = (Math.max(...known) - lowest) / (BLOCKS.length - 1)
  return numbers
    .map((number) => (number === null ? '·' : BLOCKS[step === 0 ? 0 : Math.round((number - lowest) / step)]))
    .join('')
}
