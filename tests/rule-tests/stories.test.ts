import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Rule, readConfig } from '../../src/config.ts'
import { tellStory } from '../../src/rule-tests/run.ts'
import { readStories } from '../../src/rule-tests/story.ts'

const SHIPPED = 'config/rules-tests/silver-gap.yaml'
const config = await readConfig('config', {}, new Date('2026-03-02T00:00:00Z'))

function story(...rows: string[]): string {
  const table = ['time | east | west | fx | expect', ...rows].map((row) => `      ${row}`).join('\n')
  return `stories:\n  - story: a story\n    pair: silver-live\n    date: 2026-01-28\n    zone: Asia/Shanghai\n    minutes: |\n${table}\n`
}

function failureOf(text: string) {
  const [only] = readStories('story.yaml', text).stories
  return only === undefined ? null : tellStory(config, only)
}

function problemsOf(text: string): string[] {
  try {
    readStories('story.yaml', text)
    return []
  } catch (error) {
    return (error as Error).message.split('\n')
  }
}

test('the shipped rules do what their stories say', () => {
  const { stories } = readStories(SHIPPED, readFileSync(SHIPPED, 'utf8'))
  expect(stories.length).toBeGreaterThan(5)
  expect(stories.map((each) => tellStory(config, each))).toEqual(stories.map(() => null))
})

test('the first minute that differs is named with its line, what was expected, what was found, and how things stand', () => {
  const failure = failureOf(
    story('10:00 | 8100 | 30 | 7 | premium 5.99', '10:04 | 8100 | 30 | 7 |', '10:05 | 8100 | 30 | 7 |'),
  )
  expect(failure).toEqual({
    line: 10,
    time: '10:05',
    expected: ['nothing'],
    found: ['silver-gap raised warning 5.99', 'then: comparable, premium 5.991166, silver-gap raised'],
  })
})

test('of a span every minute is told, and the wrong one is named', () => {
  const rows = ['10:00 | 8000 | 30 | 7 | premium 5.55', '10:01 - 10:20 | - | - | - | is comparable']
  expect(failureOf(story(...rows))).toMatchObject({ line: 9, time: '10:06', expected: ['is comparable'] })
})

test('a price with as many decimals as were written, words of the message and severity are compared', () => {
  const rows = [
    '10:00 | 8100 | 30 | 7 |',
    '10:05 | 8100 | 30 | 7 | silver-gap raised warning 6.0; says "Shanghai 5.99"',
  ]
  expect(failureOf(story(...rows))).toBe(null)
  expect(failureOf(story(rows[0] as string, '10:05 | 8100 | 30 | 7 | raised critical'))?.expected).toEqual([
    'raised critical',
  ])
  expect(
    failureOf(story(rows[0] as string, '10:05 | 8100 | 30 | 7 | raised; says "London pays"'))?.expected,
  ).toEqual(['says "London pays"'])
})

test('a reminder of a pair that cannot be compared says so', () => {
  const rule = { ...(config.rules['silver-gap'] as Rule), remind_ms: 3_600_000 }
  const reminding = { ...config, rules: { 'silver-gap': rule } }
  const rows = [
    '10:00 | 8100 | 30 | 7 |',
    '10:05 | 8100 | 30 | 7 | raised',
    '11:05 | - | - | - | reminder warning 5.99; says "not compared since 10:10"; says "east stale"',
  ]
  const [only] = readStories('story.yaml', story(...rows)).stories
  expect(only && tellStory(reminding, only)).toBe(null)
})

test.for([
  [
    'change',
    'change(as_quoted_usd, 1h)',
    '1',
    '0.5',
    'raised warning 1.33; says "up 1.33 USD/oz in 1h"',
    'cleared',
  ],
  [
    'percentile',
    'percentile(as_quoted_usd, 2h)',
    '100',
    '60',
    'raised warning 100; says "percentile"',
    'cleared',
  ],
  ['zscore', 'zscore(as_quoted_usd, 2h)', '3', '2', 'raised warning; says "σ above its mean"', 'cleared'],
] as const)(
  'a story may look at how a premium stands in its history: %s',
  ([, measure, raise, clear, raised, over]) => {
    const own = { measure, raise, clear, for_ms: 0, clear_for_ms: 0 }
    const rule = { ...(config.rules['silver-gap'] as Rule), ...own } as Rule
    const looking = { ...config, rules: { 'silver-gap': rule } }
    const minutes = Array.from(
      { length: 70 },
      (_, i) => `${10 + Math.floor(i / 60)}:${String(i % 60).padStart(2, '0')}`,
    )
    const calm = minutes.map((time, i) => `${time} | ${i === 0 ? 7710 : 7700 + (i % 3)} | 30 | 7 |`)
    const rows = [...calm, `11:10 | 8000 | 30 | 7 | ${raised}`, `11:11 | 7700 | 30 | 7 | ${over}`]
    const [only] = readStories('story.yaml', story(...rows)).stories
    expect(only && tellStory(looking, only)).toBe(null)
  },
)

test('what a source takes back it is believed again, and one price of two that disagree is disputed', () => {
  const rows = [
    '10:00 | 8100 | 30 | 7 | premium 5.99',
    '10:01 | 8110 | 30 | - | premium 6.04',
    '10:02 | 81000! | - | - | is implausible',
    '10:03 | 8100@10:00 | - | - | is implausible',
    '10:04 | 8110@10:01 | - | - | is comparable; premium none',
    '10:05 | 81000!@10:02 | - | - | is implausible',
    '10:06 | 8110@10:01 | 30 | - | is comparable; premium 6.04',
    '10:07 | 8000? | 30 | - | is disputed; premium none',
    '10:08 | 8000@10:07 | 30 | - | is disputed',
    '10:09 | 8050 | 30 | - | is comparable; premium 5.77',
  ]
  expect(failureOf(story(...rows))).toBe(null)
})

test('a column may be any series of the pair, and another day or second may be written', () => {
  const text = story('10:00:30 | 8100 | 30 | 7 |', '+1 10:00 | 8100 | 30 | 7 | raised; premium 5.99')
  expect(failureOf(text.replace('east | west', 'sge-delayed/ag-td | sina/xag'))).toBe(null)
})

test('every mistake of a file is told with its line', () => {
  expect(
    problemsOf(story('10:00 | 8100 | 30 | expect', '10:00 | -5 | 30 | 7 | rises', '9:00 | 1 | 1 | 1 |')),
  ).toEqual([
    'story.yaml:8: found 4 cells, expected 5',
    'story.yaml:9: found "rises", expected such as: raised warning 6.10; is stale; premium 6.10; says "6.10 USD/oz"',
    'story.yaml:9: found "-5", expected a price such as 8200, 8200@09:45, 8200! (not believed), 8200? (disputed), - or NaN',
    'story.yaml:10: found "9:00", expected a time such as 10:05, 10:05:30, +1 09:00, or 10:05 - 10:20',
  ])
  expect(problemsOf(story('10:00 | 1 | 1 | 1 |', '10:00 | 1 | 1 | 1 |'))).toEqual([
    'story.yaml:9: expected a time after that of the line before',
  ])
  expect(problemsOf(story())).toEqual(['story.yaml:7: expected a line a minute below the head'])
})

test('mistakes of the file around the table are told in the words of the configuration', () => {
  const whole = story('10:00 | 1 | 1 | 1 |')
  expect(problemsOf('stories: []\n')).toEqual([
    'story.yaml:1: stories: found an empty list, expected at least one story',
  ])
  expect(problemsOf('')).toEqual(['story.yaml:1: found nothing, expected a mapping'])
  expect(problemsOf(whole.replace('pair: silver-live', 'pairs: x'))).toEqual([
    'story.yaml:2: pair: missing, expected text',
    'story.yaml:3: pairs: unknown key, expected one of story, pair, date, zone, minutes (did you mean "pair"?)',
  ])
  expect(problemsOf(whole.replace('2026-01-28', '28.01.2026'))).toEqual([
    'story.yaml:4: date: found "28.01.2026", expected a date YYYY-MM-DD',
  ])
  expect(problemsOf(`${whole}---\n${whole}`)).toEqual([
    'story.yaml:9: found a second document below ---, expected one',
  ])
  expect(problemsOf(Buffer.from(whole, 'utf16le').toString('latin1'))).toEqual([
    'story.yaml:1: it is not text in UTF-8',
  ])
})

test.for([
  'is comparable premium 5.99',
  'premium 5.99 raised',
  'premium 5.99; premium 6.00',
  'raised warning critical 5.99',
  'raised says "5.99"',
])('what would be left unread is refused: %s', (expected) => {
  expect(problemsOf(story(`10:00 | 1 | 1 | 1 | ${expected}`))).toEqual([
    expect.stringMatching(/^story.yaml:8: found ".*", expected such as: raised warning 6.10; is stale;/),
  ])
})

test('words of a message may hold a semicolon', () => {
  const rows = ['10:00 | 8100 | 30 | 7 |', '10:05 | 8100 | 30 | 7 | raised; says "a; b"; is comparable']
  expect(failureOf(story(...rows))?.expected).toEqual(['says "a; b"'])
})

test('nobody believes a price from the future, so a story may not tell of one', () => {
  expect(
    problemsOf(
      story('10:00 | 8100@10:50 | 30 | 7 |', '10:01 | 8100!@10:50 | 30 | 7 |', '10:02:99 | 1 | 1 | 1 |'),
    ),
  ).toEqual([
    'story.yaml:8: found "8100@10:50", expected a source time that is not after 10:00: none is believed from the future',
    'story.yaml:10: found "10:02:99", expected a time such as 10:05, 10:05:30, +1 09:00, or 10:05 - 10:20',
  ])
})

test('the story in docs/rules.md does what it says', () => {
  const [, written = ''] = /```yaml\n(stories:[^`]*)```/.exec(readFileSync('docs/rules.md', 'utf8')) ?? []
  expect(failureOf(written)).toBe(null)
  expect(readStories('docs', written).stories).toHaveLength(1)
})

test('a pair or a column that the configuration does not have is named', () => {
  const whole = story('10:00 | 1 | 1 | 1 |')
  expect(() => failureOf(whole.replace('silver-live', 'silver-life'))).toThrow(
    'story.yaml:3: no pair "silver-life" (did you mean "silver-live"?)',
  )
  expect(() => failureOf(whole.replace('| fx |', '| rate |'))).toThrow(
    'story.yaml:7: no column "rate", expected east, west, fx',
  )
  expect(() => failureOf(whole.replace('silver-live', 'constructor'))).toThrow('no pair "constructor"')
  expect(() => failureOf(whole.replace('| fx |', '| constructor |'))).toThrow('no column "constructor"')
  expect(() => failureOf(whole.replace('| west |', '| sge-delayed/ag-td |'))).toThrow(
    'story.yaml:7: a second column "sge-delayed/ag-td", expected each source once',
  )
})
