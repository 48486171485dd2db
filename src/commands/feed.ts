/** `metalgap feed`: asks a source once and shows what is understood of its answer; stores nothing. */
import { column, printLines, printObject, right, tableOf } from '../command-line/print.ts'
import { priced, span, utc } from '../command-line/words.ts'
import { readConfig } from '../config.ts'
import { UserError } from '../errors.ts'
import { didYouMean } from '../nearest.ts'
import { type ReadPage, readPage } from '../page.ts'
import { loadFeeds } from '../shelf.ts'
import { counted } from '../text.ts'
import type { CommandFile } from './command.ts'

interface Options {
  body?: boolean
  json?: boolean
}

interface Shown {
  series: string
  price: string
  bid: string | null
  ask: string | null
  currency: string
  unit: string | null
  at: Date
  seen_at: Date
}

const columns = [
  column<Shown>('SERIES', ({ series }) => series),
  right<Shown>('PRICE', ({ price, currency, unit }) => priced(price, currency, unit)),
  right<Shown>('BID', ({ bid }) => bid ?? '-'),
  right<Shown>('ASK', ({ ask }) => ask ?? '-'),
  column<Shown>('TIME (UTC)', ({ at }) => utc(at)),
  right<Shown>('AGE', ({ at, seen_at }) => span(seen_at.getTime() - at.getTime())),
]

export default {
  summary: 'asks a source once and prints what is understood of its answer; stores nothing',
  examples: ['feed sina', 'feed sge-delayed --json', 'feed lbma --body > lbma.json'],
  reads: true,
  configure(program) {
    program
      .argument('<id>', 'a file in src/feeds/, e.g. sge-delayed')
      .option('--body', 'the raw answer on stdout, everything else on stderr')
  },
  async run({ args: [id = ''], options }, settings) {
    const config = await readConfig(settings.config, settings.env, new Date())
    const feed = (await loadFeeds())[id]
    const configured = config.feeds[id]
    if (feed === undefined || configured === undefined)
      throw new UserError(
        `There is no feed "${id}"${didYouMean(id, Object.keys(config.feeds))}. Feeds: ${Object.keys(config.feeds).join(', ')}`,
      )
    const context = { config, now: () => new Date(), life: new AbortController().signal }
    const pages: ReadPage[] = []
    // one after the other: a source that is asked by hand is asked politely
    for (const page of feed.pages(Object.keys(configured.series), configured.key))
      pages.push(await readPage(context, configured, feed, page))
    const quotes = pages.flatMap((page) => page.quotes.map((quote) => shown(page, id, quote)))
    if (options.body) for (const { bytes } of pages) process.stdout.write(bytes ?? '')
    else if (options.json) printObject({ feed: id, pages: pages.map(pageFacts), quotes })
    else await printLines(tableOf(quotes, columns))
    for (const page of pages) tell(page)
    return pages.some(({ problem }) => problem !== null) ? 1 : 0

    function shown(page: ReadPage, feedId: string, quote: ReadPage['quotes'][number]): Shown {
      const { currency = '?', unit = null } = configured?.series[quote.name] ?? {}
      const { name, price, bid = null, ask = null, at } = quote
      return { series: `${feedId}/${name}`, price, bid, ask, currency, unit, at, seen_at: page.finished_at }
    }
  },
} satisfies CommandFile<Options>

function pageFacts({ bytes, body_hash, quotes, ...page }: ReadPage) {
  return {
    ...page,
    bytes: bytes?.length ?? 0,
    body_hash: body_hash?.toString('hex') ?? null,
    quotes: quotes.length,
  }
}

function tell({
  page,
  status,
  content_type,
  bytes,
  started_at,
  finished_at,
  quotes,
  refused,
  problem,
}: ReadPage): void {
  const took = `${finished_at.getTime() - started_at.getTime()} ms`
  const answer =
    status === null
      ? 'no answer'
      : `HTTP ${status}, ${content_type ?? 'no content type'}, ${bytes?.length ?? 0} bytes`
  console.error(`page "${page}": ${answer}, ${took}, ${counted(quotes.length, 'price')}`)
  for (const { name, problem: why } of refused) console.error(`  ${name} could not be used: ${why}`)
  if (problem !== null)
    console.error(`  ${problem.is === 'failed' ? 'failed' : 'not understood'}: ${problem.error}`)
}
