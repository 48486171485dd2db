/**
 * `metalgap feed ID`: asks a source once and shows what is understood of its answer; stores nothing.
 * `metalgap feed accept SERIES`: believes a price that jumped.
 */
import { acceptWaiting } from '../accepting.ts'
import { column, printLines, printObject, right, tableOf } from '../command-line/print.ts'
import { priced, span, utc } from '../command-line/words.ts'
import { type Config, type FeedConfig, readConfig } from '../config.ts'
import { UserError } from '../errors.ts'
import type { Quote } from '../feeds/feed.ts'
import { didYouMean, noSuch } from '../nearest.ts'
import { asLive } from '../open-database.ts'
import { type ReadPage, readPage } from '../polling/page.ts'
import type { Settings } from '../settings.ts'
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
  summary:
    'asks a source once and prints what is understood of its answer, stores nothing; or, with accept, believes a price that jumped',
  examples: [
    'feed sina',
    'feed sge-delayed --json',
    'feed lbma --body > lbma.json',
    'feed accept sge-delayed/ag-td    # its last price is quarantined for its move, and you know that it is right',
  ],
  reads: true,
  configure(program) {
    program
      .usage('[options] <id>\n       metalgap feed accept [options] <series>')
      .argument('<id>', 'a file in src/feeds/, e.g. sge-delayed')
      .argument('[series]', 'with accept: feed/name, or a feed for all of its series')
      .option('--body', 'the raw answer on stdout, everything else on stderr')
  },
  async run({ args: [id = '', series], options }, settings) {
    const config = await readConfig(settings.config, settings.env, new Date())
    if (id === 'accept') return accept(config, settings, series, options)
    if (series !== undefined)
      throw new UserError(`found "${series}" behind the feed ${id}, expected one feed`, 2)
    refuseOwn(config, id)
    const feed = (await loadFeeds())[id]
    const configured = config.feeds[id]
    if (feed === undefined || configured === undefined) throw unknownFeed(config, id)
    const context = { config, now: () => new Date(), life: new AbortController().signal }
    const pages: ReadPage[] = []
    // one after the other: a source that is asked by hand is asked politely
    for (const page of feed.pages(Object.keys(configured.series), configured.key))
      pages.push(await readPage(context, configured, feed, page))
    const quotes = pages.flatMap((page) => page.quotes.map((quote) => shown(configured, page, quote)))
    if (options.body) for (const { bytes } of pages) process.stdout.write(bytes ?? '')
    else if (options.json) printObject({ feed: id, pages: pages.map(pageFacts), quotes })
    else await printLines(tableOf(quotes, columns))
    for (const page of pages) tell(page)
    return pages.some(({ problem }) => problem !== null) ? 1 : 0
  },
} satisfies CommandFile<Options>

function shown({ feed, series }: FeedConfig, page: ReadPage, quote: Quote): Shown {
  const { currency = '?', unit = null } = series[quote.name] ?? {}
  const { name, price, bid = null, ask = null, at } = quote
  return { series: `${feed}/${name}`, price, bid, ask, currency, unit, at, seen_at: page.finished_at }
}

async function accept(
  config: Config,
  settings: Settings,
  wanted: string | undefined,
  options: Options,
): Promise<number> {
  if (wanted === undefined || options.body)
    throw new UserError('Say what to accept: metalgap feed accept feed/name', 2)
  refuseOwn(config, wanted.split('/')[0] as string)
  if (config.feeds[wanted] === undefined && config.series[wanted] === undefined)
    throw wanted.includes('/') ? unknownSeries(config, wanted) : unknownFeed(config, wanted)
  const accepted = await asLive(settings, (database) => acceptWaiting(database, wanted))
  if (accepted.length === 0)
    throw new UserError(
      `Of ${wanted} no price waits to be believed after a move. See: metalgap prices ${wanted.includes('/') ? `${wanted} ` : ''}--revisions`,
    )
  for (const each of accepted) {
    if (options.json) printObject(each)
    else
      console.error(
        `${each.series}: ${each.price} is accepted, ${each.before} was the last good price. The next poll that brings it is believed.`,
      )
  }
  return 0
}

function refuseOwn({ own }: Config, feed: string): void {
  if (own[feed] !== undefined)
    throw new UserError(`The prices of ${feed} are your own: bring them with metalgap import FILE`)
}

function unknownFeed({ feeds }: Config, id: string): UserError {
  return noSuch('feed', id, Object.keys(feeds))
}

function unknownSeries({ series }: Config, name: string): UserError {
  return new UserError(`There is no series "${name}"${didYouMean(name, Object.keys(series))}.`)
}

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
