/** `--column price=Mid`: what a price file calls a column, of commands that read one. */
import { InvalidArgumentError, Option } from 'commander'
import { isColumn, type Titles } from '../price-file/header.ts'

/** Its value is never undefined, so that a header that is not understood can tell of it. */
export function columns(): Option {
  return new Option(
    '--column <ours=yours>',
    'what a file calls a column, as often as needed: --column price=Mid; columns that are not named are left out',
  )
    .argParser(addTitle)
    .default({}, 'the names as they are')
}

function addTitle(text: string, before: Titles): Titles {
  const [ours = '', title = ''] = text.split(/=(.*)/s).map((part) => part.trim())
  if (!isColumn(ours) || title === '')
    throw new InvalidArgumentError(
      'Expected one of time, date, price, series, bid, ask, known_at, and its name in the file, such as price=Mid.',
    )
  return { ...before, [ours]: title }
}
