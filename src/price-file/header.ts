/** The first line of a price file: which column is which, and what stands between columns. */
const COLUMNS = ['time', 'date', 'price', 'series', 'bid', 'ask', 'known_at'] as const
const SEPARATORS = ['\t', ';', ',']
/** Of a workbook, or of text in another encoding. */
const NO_TEXT = /[^\P{Cc}\t\r]|\ufffd/u
/** No cell holds it. */
const NO_TITLE = '\n'

export type Column = (typeof COLUMNS)[number]
/** What a file calls a column that we call otherwise. */
export type Titles = Partial<Record<Column, string>>

export interface Header {
  separator: string
  /** as written */
  titles: string[]
  /** -1: there is none */
  at: Record<Column, number>
}

export function isColumn(name: string): name is Column {
  return (COLUMNS as readonly string[]).includes(name)
}

/**
 * Case does not matter, and columns without a title are left out; so is every other once `asked` names one, which is null where
 * nothing can be asked. Otherwise the answer is what is wrong.
 */
export function readHeader(
  text: string,
  cellsOf: (text: string, separator: string) => string[] | null,
  asked: Titles | null,
): Header | { problem: string } {
  if (NO_TEXT.test(text))
    return { problem: 'it is not CSV in UTF-8; from Excel save it as "CSV UTF-8 (comma delimited)"' }
  const separator = SEPARATORS.find((mark) => text.includes(mark)) ?? ','
  const titles = cellsOf(text, separator) ?? [text]
  const lower = titles.map((title) => title.toLowerCase())
  const wanted = wantedTitles(asked ?? {})
  const placeOf = (column: Column) => lower.indexOf(wanted[column]?.toLowerCase() ?? NO_TITLE)
  const at = Object.fromEntries(COLUMNS.map((column) => [column, placeOf(column)])) as Header['at']
  const isTwice = Object.values(at).some((place) => lower.includes(lower[place] ?? NO_TITLE, place + 1))
  const isMissed = COLUMNS.some((column) => asked?.[column] !== undefined && at[column] < 0)
  const isUnknown = lower.some((title) => title !== '' && !isColumn(title))
  const isDated = at.time < 0 !== at.date < 0
  if (isTwice || isMissed || (isUnknown && !isAsked(asked)) || !isDated || at.price < 0)
    return { problem: `found the header ${JSON.stringify(text.slice(0, 200))}, ${expectation(asked)}` }
  return { separator, titles, at }
}

function isAsked(asked: Titles | null): asked is Titles {
  return asked !== null && Object.keys(asked).length > 0
}

/** A file may have a date and a time, of which one is asked for. */
function wantedTitles(asked: Titles): Titles {
  const own: Titles = Object.fromEntries(COLUMNS.map((column) => [column, column]))
  if (asked.date !== undefined) delete own.time
  if (asked.time !== undefined) delete own.date
  return { ...own, ...asked }
}

function expectation(asked: Titles | null): string {
  if (isAsked(asked)) {
    const named = Object.entries(asked).map(([column, title]) => `${JSON.stringify(title)} for ${column}`)
    return `expected ${named.join(', ')}, and of price and either time or date one each`
  }
  const hint = asked === null ? '' : '; where yours have other names: --column date=Date --column price=Mid'
  return `expected price, either time or date, and perhaps series, bid, ask, known_at${hint}`
}
