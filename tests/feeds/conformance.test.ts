/** What every feed of the shelf promises, run on the feeds that are there: a new one needs no line here. */
import { CronExpressionParser } from 'cron-parser'
import { describe, expect, test } from 'vitest'
import { isZone } from '../../src/engine/zone.ts'
import { type Body, type FeedSeries, NotUnderstood } from '../../src/feeds/feed.ts'
import { loadFeeds } from '../../src/shelf.ts'

const DECIMAL = /^\d+(\.\d+)?$/
const REQUIRED: (keyof FeedSeries)[] = [
  'metal',
  'instrument',
  'venue',
  'origin',
  'kind',
  'currency',
  'tax_basis',
  'calendar',
]
const NOT_THE_PAGE = {
  'a page of a firewall':
    '<!DOCTYPE html><html><head><title>Access denied</title></head><body>blocked</body></html>',
  'a page of a firewall without a doctype': '<html><script>location.href="/challenge"</script></html>',
  'an empty body': '',
  'white space': ' \n',
  'an empty object': '{}',
  'an empty array': '[]',
  'an array of nothing useful': '[{}]',
  'an error in JSON': '{"code":500,"msg":"system busy"}',
  null: 'null',
  'binary rubbish': '\x00\xff\xfe\x89PNG\r\n\x1a\n\x80\x81',
}

const feeds = Object.entries(await loadFeeds())

test('the shelf holds the feeds that others name', () => {
  const ids = feeds.map(([id]) => id)
  expect(ids).toEqual(
    expect.arrayContaining(['cfets', 'ecb', 'lbma', 'sge-benchmark', 'sge-delayed', 'sina']),
  )
})

describe.for(feeds)('%s', ([, feed]) => {
  const names = Object.keys(feed.series)

  test('says where it reads, how often and on which terms', () => {
    expect(feed.title).not.toBe('')
    expect(new URL(feed.base_url).origin).toBe(feed.base_url)
    expect(new URL(feed.terms.url).protocol).toBe('https:')
    expect(feed.terms.note).not.toBe('')
    expect(feed.max_bytes).toBeGreaterThan(0)
    expect(isZone(feed.zone)).toBe(true)
  })

  test('has a schedule that its polite interval allows', () => {
    const schedule = CronExpressionParser.parse(feed.schedule, {
      tz: feed.zone,
      currentDate: '2030-01-15T00:00:00Z',
    })
    const times = schedule.take(200).map((time) => time.getTime())
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(feed.min_interval_ms)
    expect(feed.min_interval_ms).toBeGreaterThanOrEqual(3_000)
  })

  test.for(names)('states every fact of %s', (name) => {
    const facts = feed.series[name] as FeedSeries
    for (const fact of REQUIRED) expect(facts[fact], fact).toBeTruthy()
    expect(isZone(facts.zone)).toBe(true)
    expect(facts.max_move).toBe(facts.kind === 'rate' ? 0.02 : 0.2)
    expect(facts.unit === null).toBe(facts.kind === 'rate')
    expect(facts.tax_basis === 'none').toBe(facts.kind === 'rate')
    expect(facts.publication_lag_ms).toBeGreaterThan(0)
    expect(facts).toHaveProperty('purity')
    if (facts.fixing_time !== undefined) expect(facts.fixing_time).toMatch(/^([01]\d|2[0-3]):[0-5]\d$/)
  })

  test('asks for each wanted series on exactly one page, and for no other', () => {
    for (const wanted of [names, ...names.map((name) => [name])]) {
      const pages = feed.pages(wanted)
      expect(pages.flatMap((page) => page.series).sort()).toEqual([...wanted].sort())
      expect(new Set(pages.map((page) => page.page)).size).toBe(pages.length)
      for (const page of pages) expect(page.path).toMatch(/^\/[\x21-\x7e]+$/)
    }
  })

  test.for(feed.examples.map((example) => [example.body.page, example] as const))(
    'understands its example of %s exactly',
    ([, example]) => {
      const { quotes, refused } = feed.parse(example.body)
      expect(quotes).toEqual(example.quotes)
      expect(refused).toEqual(example.refused ?? [])
      for (const quote of quotes) {
        expect(names).toContain(quote.name)
        expect(quote.price).toMatch(DECIMAL)
      }
    },
  )

  test('has a worked example of every page', () => {
    const shown = new Set(feed.examples.flatMap(({ body }) => body.page.split(',')))
    for (const page of feed.pages(names))
      expect(page.page.split(',').some((name) => shown.has(name))).toBe(true)
  })

  const pages = [...new Set(feed.examples.map((example) => example.body.page))]
  test.for(
    pages.flatMap((page) => Object.entries(NOT_THE_PAGE).map(([what, text]) => [page, what, text] as const)),
  )('page %s: does not take %s for a page', ([page, , text]) => {
    for (const content_type of ['application/json', 'text/html', '']) {
      const body: Body = { page, content_type, bytes: Buffer.from(text, 'latin1') }
      expect(() => feed.parse(body)).toThrow(NotUnderstood)
    }
  })

  test('does not take a page that breaks off for a page', () => {
    for (const { body } of feed.examples) {
      for (const share of [0.1, 0.5, 0.9]) {
        const bytes = body.bytes.subarray(0, Math.floor(body.bytes.length * share))
        expect(() => feed.parse({ ...body, bytes })).toThrow(NotUnderstood)
      }
    }
  })
})

test('one instrument bears the same words, metal, unit and tax basis in every feed', () => {
  const all = feeds.flatMap(([, feed]) => Object.values(feed.series))
  for (const { instrument, metal, unit, tax_basis } of all) {
    for (const other of all.filter((each) => each.instrument === instrument)) {
      expect(other).toMatchObject({ metal, unit, tax_basis })
    }
  }
  const sge = all.filter(({ instrument }) => instrument === 'SGE Ag(T+D)')
  expect(sge.length).toBe(2)
})
