import { describe, expect, it, test } from 'vitest'
import type { Feed, FeedSeries } from '../../src/feeds/feed.ts'
import { nearest } from '../../src/nearest.ts'
import { loadFeeds } from '../../src/shelf.ts'
import { configFrom } from '../config.ts'
import { mistakesIn, SILVER, silverAnd } from './mistakes.ts'

const feeds = (text: string, network = '[127.0.0.0/8]') =>
  silverAnd({ 'feeds.yaml': `feeds:\n${text}`, 'network.yaml': `allow_private: ${network}\n` })
const calendar = (text: string) => silverAnd({ 'calendars/own.yaml': text })
const OWN = `calendar: own
zone: Asia/Shanghai
sessions: [{ days: mon-fri, open: "09:00", close: "15:30" }]
closed: [2026-01-01]
valid: { from: 2026-01-01, to: 2026-12-31 }
`

describe('feeds.yaml', () => {
  test.for([
    [
      'a path in base_url',
      '  sina: { base_url: "http://127.0.0.1:9/list" }',
      "2:21  feeds.sina.base_url: found more than scheme, host and port, expected these only; the path is the feed's own, and a key goes into `key`",
    ],
    ['plain http to the world', '  sina: { base_url: "http://mirror.example.com" }', /must be https|private/],
    [
      'cron with too few fields',
      '  sina: { schedule: "1 2 3" }',
      '2:21  feeds.sina.schedule: found 3 fields in "1 2 3", expected cron with 5 or 6',
    ],
    [
      'cron that cannot be',
      '  sina: { schedule: "99 * * * *" }',
      /expected cron such as "\*\/20 \* \* \* \* \*": .*99/,
    ],
    [
      'more polls than the source allows',
      '  lbma: { schedule: "* * * * * *" }',
      /^2:21 {2}feeds\.lbma\.schedule: found 1 s, expected at least \d+ s between two polls of the real source/,
    ],
    [
      'a feed that does not exist',
      '  snia: {}',
      '2:9  feeds.snia: found feed "snia", expected one of cfets, ecb, lbma, sge-benchmark, sge-delayed, sina (did you mean "sina"?)',
    ],
    [
      'a calendar that does not exist',
      '  sina: { series: { xag: { calendar: alwys } } }',
      /^2:38 {2}feeds\.sina\.series\.xag\.calendar: found calendar "alwys", .*\(did you mean "always"\?\)$/,
    ],
  ] as const)('%s', async ([, text, expected]) => {
    const network = text.includes('mirror') ? '[]' : '[127.0.0.0/8]'
    const told = (await mistakesIn(feeds(text, network))).map((line) =>
      line.replace('config/feeds.yaml:', ''),
    )
    expect(told).toHaveLength(1)
    if (typeof expected === 'string') expect(told[0]).toBe(expected)
    else expect(told[0]).toMatch(expected)
  })

  it('lays over what a feed says of itself', async () => {
    const config = await configFrom(
      feeds(`  sge-delayed:
    base_url: http://127.0.0.1:9000
    schedule: "*/20 * * * * *"
    failing_after: 5
    series:
      ag-td: { calendar: always, max_move: 30%, tax_basis: unknown, publication_lag: 1m, late_after: 4, frozen_after: 20, frozen_for: null }
`),
    )
    const feed = config.feeds['sge-delayed']
    expect(feed).toMatchObject({
      base_url: 'http://127.0.0.1:9000',
      schedule: '*/20 * * * * *',
      failing_after: 5,
      enabled: true,
    })
    expect(feed?.watch['ag-td']).toMatchObject({ late_after: 4, frozen_after: 20, frozen_for_ms: null })
    expect(config.series['sge-delayed/ag-td']).toMatchObject({
      calendar: 'always',
      max_move: 0.3,
      tax_basis: 'unknown',
      publication_lag_ms: 60_000,
    })
    expect(config.series['sge-delayed/au-td']).toMatchObject({ calendar: 'sge', max_move: 0.2 })
  })

  it('loopback wants network.yaml to open it', async () => {
    const [told] = await mistakesIn(feeds('  sina: { base_url: "http://127.0.0.1:9000" }', '[]'))
    expect(told).toContain('network.yaml allow_private can open it')
  })
})

describe('what a feed needs of the configuration', () => {
  it('a calendar that nobody has and a key that is not given are told when a pair uses the feed', async () => {
    const feeds = await loadFeeds()
    const sina = feeds['sina'] as Feed
    const xag = sina.series['xag'] as FeedSeries
    const odd: Feed = {
      ...sina,
      needs_key: true,
      series: { ...sina.series, xag: { ...xag, calendar: 'london-spto' } },
    }
    expect(await mistakesIn(silverAnd({}), { feeds: { ...feeds, sina: odd } })).toEqual([
      'config/feeds.yaml:1:1  sina/xag names the calendar "london-spto", expected a file calendars/london-spto.yaml, or another calendar in feeds.yaml (did you mean "london-spot"?)',
      expect.stringContaining('sina/xag is used by a pair, expected feeds.sina.key'),
      expect.stringContaining('sina/usdcny is used by a pair, expected feeds.sina.key'),
    ])
  })
})

describe('calendars', () => {
  test.for([
    [
      'a zone that does not exist',
      OWN.replace('Asia/Shanghai', 'Asia/Shanghia'),
      '2:7  zone: found "Asia/Shanghia", expected an IANA time zone such as Asia/Shanghai',
    ],
    [
      'days that do not exist',
      OWN.replace('mon-fri', 'mon-fry'),
      '3:20  sessions.0.days: found "mon-fry", expected days such as mon-fri or mon,wed',
    ],
    [
      'a time that does not exist',
      OWN.replace('15:30', '25:30'),
      '3:51  sessions.0.close: found "25:30", expected a time "HH:MM"',
    ],
    [
      'a date that does not exist',
      OWN.replace('[2026-01-01]', '[2026-02-30]'),
      '4:10  closed.0: found "2026-02-30", expected a day that exists, YYYY-MM-DD',
    ],
    [
      'a closed day outside the years',
      OWN.replace('[2026-01-01]', '[2027-01-01]'),
      '4:10  closed.0: found 2027-01-01, expected a date inside valid (2026-01-01 to 2026-12-31)',
    ],
    [
      'a closed day twice',
      OWN.replace('[2026-01-01]', '[2026-01-01, 2026-01-01]'),
      '4:22  closed.1: found 2026-01-01 twice',
    ],
    [
      'years upside down',
      OWN.replace('closed: [2026-01-01]\n', '').replace('to: 2026', 'to: 2025'),
      '4:32  valid.to: found 2025-12-31, expected a date after 2026-01-01',
    ],
    [
      'the name of the built-in one',
      OWN.replace('own', 'always'),
      '1:11  calendar: found "always", which is built in, expected another name',
    ],
  ] as const)('%s', async ([, text, expected]) => {
    expect(await mistakesIn(calendar(text))).toEqual([`config/calendars/own.yaml:${expected}`])
  })

  it('of the folder replace those that ship', async () => {
    const config = await configFrom(calendar(OWN.replace('own', 'sge').replace('2026-01-01]', '2026-01-05]')))
    expect(config.calendars['sge']?.sessionAt(Date.parse('2026-01-05T02:00:00Z')).open).toBe(false)
  })

  it('twice under one name are a mistake', async () => {
    const texts = { ...calendar(OWN), 'calendars/second.yaml': OWN }
    expect(await mistakesIn(texts)).toEqual([
      'config/calendars/second.yaml:1:11  calendar: found a second calendar "own", expected one file for each',
    ])
  })
})

describe('channels.yaml', () => {
  const channels = (text: string) =>
    mistakesIn(silverAnd({ 'channels.yaml': `channels:\n  terminal: { kind: console }\n${text}` }))
  it('knows kinds, their settings and the addresses they may have', async () => {
    expect(await channels('  pager: { kind: slak }\n')).toEqual([
      'config/channels.yaml:3:18  channels.pager.kind: found kind "slak", expected one of console, discord, email, microsoft-teams, pagerduty, slack-bot, slack, webhook (did you mean "slack"?)',
    ])
    const [unknown] = await channels(
      '  chat: { kind: slack, url: "https://chat.example.com/x", timezone: UTC }\n',
    )
    expect(unknown).toMatch(
      /^config\/channels\.yaml:3:59 {2}channels\.chat\.timezone: unknown key, expected one of .*\(did you mean "time_zone"\?\)$/,
    )
    const [refused] = await channels('  chat: { kind: slack, url: "https://10.0.0.1/x" }\n')
    expect(refused).toBe(
      'config/channels.yaml:3:29  channels.chat.url: 10.0.0.1 is a private or reserved address; network.yaml allow_private can open it',
    )
  })

  it('tries every template with a message of its type', async () => {
    const [mistake, ...others] = await channels(
      '  chat: { kind: console, templates: { breach.raised: "{metal}: {vlaue}", feed.failing: "{feed} fails" } }\n',
    )
    expect(others).toEqual([])
    expect(mistake).toMatch(
      /^config\/channels\.yaml:3:54 {2}channels\.chat\.templates\.breach\.raised: .*names \{vlaue\}, .*\(did you mean "value"\?\)$/,
    )
  })

  it('wants a link to the evidence to be an address, with fields that a breach has', async () => {
    const [field] = await channels('links: { evidence: "https://g.example.com/{breach}" }\n')
    expect(field).toMatch(
      /links\.evidence: .*\{breach\} stands for nothing; expected \{breach_id\}, \{rule\}/,
    )
    const [address] = await channels('links: { evidence: "javascript:alert({breach_id})" }\n')
    expect(address).toContain('expected an https:// or http:// address')
    expect(await channels('links: { evidence: "https://g.example.com/{metal}?id={breach_id}" }\n')).toEqual(
      [],
    )
  })

  it('holds the address of a heartbeat to the rules, and never prints it', async () => {
    const [refused] = await channels('heartbeat: { url: "http://ping.example.com/hush", every: 1m }\n')
    expect(refused).toContain('ping.example.com must be https')
    expect(refused).not.toContain('hush')
    const [often] = await channels('heartbeat: { url: "https://ping.example.com/hush", every: 1s }\n')
    expect(often).toContain('expected at least 10s')
  })
})

describe('the version', () => {
  it('is the same whatever the order, the comments and the spelling of a duration', async () => {
    const one = await configFrom(silverAnd({}))
    const other = await configFrom(
      silverAnd({ 'metals/silver.yaml': `# a comment\n${SILVER.replace('max_age: 5m', 'max_age: 300s')}` }),
    )
    expect(other.version).toBe(one.version)
    expect(one.version).toMatch(/^[0-9a-f]{64}$/)
  })

  it('changes with a bound', async () => {
    const one = await configFrom(silverAnd({}))
    const other = await configFrom(silverAnd({ 'metals/silver.yaml': SILVER.replace('5.50', '5.51') }))
    expect(other.version).not.toBe(one.version)
  })
})

it('names that every object knows are still unknown', async () => {
  const told = await mistakesIn({
    'metals/silver.yaml': SILVER.replace('sina/xag', 'constructor').replace('[terminal]', '[toString]'),
    'channels.yaml': 'channels:\n  terminal: { kind: __proto__ }\n  other: { kind: constructor }\n',
    'feeds.yaml': 'feeds:\n  constructor: {}\n',
  })
  expect(told.map((line) => line.split(', expected')[0])).toEqual([
    'config/channels.yaml:2:21  channels.terminal.kind: found kind "__proto__"',
    'config/channels.yaml:3:18  channels.other.kind: found kind "constructor"',
    'config/feeds.yaml:2:3  feeds.constructor: found "constructor"',
    'config/metals/silver.yaml:7:21  pairs.live.west.series: found series "constructor"',
    'config/metals/silver.yaml:16:14  rules.gap.notify.0: found channel "toString"',
  ])
})

describe('the nearest name', () => {
  test.for([
    ['silver', ['sliver', 'gold'], 'sliver'],
    ['raize', ['raise', 'clear'], 'raise'],
    ['RAISE', ['raise'], 'raise'],
    ['xyz', ['raise', 'clear'], null],
    ['x', [], null],
  ] as const)('of "%s" among %s is %s', ([wrong, names, expected]) => {
    expect(nearest(wrong, names)).toBe(expected)
  })
})
