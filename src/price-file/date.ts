/** Dates as people, spreadsheets and publishers write them, where only one reading is possible. */

const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
]
/** 2026/1/29 */
const YEAR_FIRST = /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/
/** 29-Jan-2026, 29 January 2026 */
const DAY_FIRST = /^(\d{1,2})[- ]([A-Za-z]+)[- ](\d{4})$/
/** Jan 29, 2026 */
const MONTH_FIRST = /^([A-Za-z]+) (\d{1,2}),? (\d{4})$/

/** As YYYY-MM-DD; null where it is none, or may be read in two ways as 05/12/2025. */
export function dateOf(text: string): string | null {
  if (isDate(text)) return text
  const [, year = '', month = '', day = ''] =
    YEAR_FIRST.exec(text) ??
    reordered(DAY_FIRST.exec(text), [3, 2, 1]) ??
    reordered(MONTH_FIRST.exec(text), [3, 1, 2]) ??
    []
  const number = /^\d/.test(month) ? month : monthOf(month.toLowerCase())
  const date = `${year}-${number.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDate(date) ? date : null
}

function reordered(found: string[] | null, order: readonly number[]): string[] | null {
  return found === null ? null : ['', ...order.map((place) => found[place] ?? '')]
}

/** '1' of 'jan' and 'january', '' of no month. */
function monthOf(word: string): string {
  const place = MONTHS.findIndex((month) => month === word || month.slice(0, 3) === word)
  return place < 0 ? '' : String(place + 1)
}

let lastDate = ''

/** Date.parse alone takes 30 February for 2 March. Rows of one day follow each other, so the last answer is kept. */
export function isDate(text: string): boolean {
  if (text === lastDate) return true
  const midnight = new Date(`${text}T00:00:00Z`)
  if (Number.isNaN(midnight.getTime()) || text.length !== 10 || !midnight.toISOString().startsWith(text))
    return false
  lastDate = text
  return true
}
