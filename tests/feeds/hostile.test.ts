/** A source that writes for terminals, databases and people who read its words: none of it gets through. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { originOf } from '../../src/explain/payload.ts'
import type { Feed } from '../../src/feeds/feed.ts'
import { readPage } from '../../src/polling/page.ts'
import { loadFeeds } from '../../src/shelf.ts'
import { configFrom } from '../config.ts'

const PAINT = '\u001b]0;owned\u0007\u001b[31m\u009b31m\u202e\u0000'
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u202a-\u202e]/u

const feeds = await loadFeeds()

async function answered(feed: string, body: string, headers: Record<string, string> = {}) {
  const server = createServer((_, response) => response.writeHead(200, headers).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const config = await configFrom({
    'metals/tin.yaml': 'metal: tin\ntitle: Tin\nunit: t\n',
    'feeds.yaml': `feeds: { ${feed}: { base_url: "${base_url}" } }`,
    'network.yaml': 'allow_private: [127.0.0.1]',
  })
  const context = { config, now: () => new Date(), life: new AbortController().signal }
  const [page] = feeds[feed]?.pages(['ag-td']) ?? []
  const read = await readPage(context, config.feeds[feed] as never, feeds[feed] as Feed, page as never)
  server.close()
  return read
}

test('what is refused is told in printable words', async () => {
  const body = JSON.stringify({
    heyue: `${PAINT}\ud800${'x'.repeat(9_000)}`,
    times: [],
    data: [],
    delaystr: '',
  })
  const read = await answered('sge-delayed', body, {
    'content-type': `text/\u009b31mhtml${'x'.repeat(5_000)}`,
  })
  const told = [read.problem?.error, read.content_type, ...read.refused.map(({ problem }) => problem)]
  expect(told).toHaveLength(3)
  for (const text of told) {
    expect(text).not.toMatch(UNPRINTABLE)
    expect(text?.length).toBeLessThanOrEqual(500)
  }
})

test('the page around a price is shown in printable words', () => {
  const json = JSON.stringify({
    heyue: 'Ag(T+D)',
    times: ['15:00'],
    data: ['29925'],
    delaystr: '2026年01月29日 15:00:46',
  })
  const bytes = new TextEncoder().encode(`${json.slice(0, -1)},"x":"\u009b31m\u202eowned"}`)
  const page = { page: 'ag-td', content_type: 'application/json', bytes }
  const quote = { name: 'ag-td', at: new Date('2026-01-29T07:00:46Z'), price: '29925' }
  const { excerpts } = originOf(feeds['sge-delayed'] as Feed, page, quote)
  expect(excerpts.map(({ figure }) => figure)).toEqual(['29925'])
  expect(JSON.stringify(excerpts)).not.toMatch(UNPRINTABLE)
})

test.for([
  ['JSON without bottom', 'sge-delayed', '['.repeat(200_000)],
  ['JSON without bottom that is whole', 'sge-delayed', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['a number of a hundred thousand digits', 'sge-delayed', `{"heyue":1${'0'.repeat(100_000)}}`],
  [
    'keys that JavaScript keeps to itself',
    'sge-delayed',
    '{"__proto__":{"heyue":"Ag(T+D)"},"constructor":1}',
  ],
  ['a table of entities', 'ecb', '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Cube>&b;</Cube>'],
  ['XML without bottom', 'ecb', '<Cube>'.repeat(9_000)],
  ['an element of one long name', 'ecb', `<${'x'.repeat(60_000)}`],
  ['a page of quotes', 'sina', `var hq_str_gds_AGTD="${'"'.repeat(50_000)}`],
  ['a page of NUL', 'sina', '\0'.repeat(60_000)],
] as const)('is not understood, and at once: %s', async ([, feed, body]) => {
  const read = await answered(feed, body)
  expect(read.problem?.is).toBe('not_understood')
  expect(({} as Record<string, unknown>)['heyue']).toBeUndefined()
})
