/** Text that others wrote: cut and cleaned before it is shown. */

// C0, C1, and the marks that turn the reading direction: they repaint terminals and swap numbers.
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu

/** '1 rule', '2 rules', '13,100 prices' */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

/** One printable line. */
export function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim()
}

/** The same without what would repaint a terminal, break its line or swap its figures. */
export function printable(text: string): string {
  return text.toWellFormed().replace(UNPRINTABLE, ' ')
}

/** At most `most` code points; what was cut ends in an ellipsis. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const points = Array.from(text)
  return points.length <= most ? text : `${points.slice(0, most - 1).join('')}…`
}
