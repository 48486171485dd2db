/** Invented markets: silver's gap opens past 5.50 USD/oz and closes again every two minutes, gold's hardly moves. */
import { exchanges } from './exchanges.ts'
import { instantOf, localTime } from './local-time.ts'
import { type Prices, type RecordedPrice, recordedPrices } from './prices.ts'
import { type Script, scriptedPrices } from './scripted.ts'

const KG_PER_OZ = 0.0311034768
const GRAMS_PER_OZ = 31.1034768
const DAY = 86_400_000

/** Silver's gap in USD/oz by seconds of a round; straight lines between. */
const GAP: readonly (readonly [number, number])[] = [
  [0, 4.6],
  [6, 4.6],
  [10, 6.3],
  [22, 6.5],
  [26, 4.5],
  [120, 4.6],
]

/**
 * `beganAt` answers when the first round begins (epoch ms), or null while everything still waits: until then the gap
 * is narrow.
 */
export function scenario(beganAt: () => number | null, now: number): Prices {
  const live = scriptedPrices(liveScripts((at) => gapAt((at - (beganAt() ?? at)) / 1000)))
  const daily = recordedPrices(dailyPrices(now))
  return {
    latest: (...asked) => live.latest(...asked) ?? daily.latest(...asked),
    between: (...asked) => [...live.between(...asked), ...daily.between(...asked)],
  }
}

function gapAt(second: number): number {
  const within = Math.max(0, second) % 120
  const next = Math.max(
    1,
    GAP.findIndex(([from]) => from > within),
  )
  const [from, low] = GAP[next - 1] ?? [0, 0]
  const [until, high] = GAP[next] ?? [120, 0]
  return low + ((high - low) * (within - from)) / (until - from)
}

const wave = (at: number, seconds: number) => Math.sin((at / 1000 / seconds) * 2 * Math.PI)
const silver = (at: number) => 60 + 0.12 * wave(at, 97) + 0.03 * wave(at, 7)
const gold = (at: number) => 4000 + 3 * wave(at, 83) + wave(at, 11)
const yuan = (at: number) => 6.75 + 0.0008 * wave(at, 61)

function liveScripts(gap: (at: number) => number): Record<string, Script> {
  const every = (price: (at: number) => number, decimals: number, spread: number): Script => ({
    every_ms: 1000,
    quote: (at) => ({
      price: price(at).toFixed(decimals),
      bid: (price(at) - spread).toFixed(decimals),
      ask: (price(at) + spread).toFixed(decimals),
    }),
  })
  const shanghaiSilver = every((at) => ((silver(at) + gap(at)) * yuan(at)) / KG_PER_OZ, 0, 2)
  const shanghaiGold = every((at) => (gold(at) * 1.003 * yuan(at)) / GRAMS_PER_OZ, 2, 0.05)
  const dollar = every(yuan, 4, 0.0005)
  return {
    'sge-delayed/ag-td': shanghaiSilver,
    'sge-delayed/au-td': shanghaiGold,
    'sina/ag-td': shanghaiSilver,
    'sina/au-td': shanghaiGold,
    'sina/ag-shfe': shanghaiSilver,
    'sina/xag': every(silver, 2, 0.02),
    'sina/xau': every(gold, 2, 0.3),
    'sina/usdcny': dollar,
    'sina/usdcnh': dollar,
    'cfets/usdcny-spot': dollar,
  }
}

/** A month back and a year ahead of one price a day, for what is fixed once a day. */
function dailyPrices(now: number): RecordedPrice[] {
  const shanghai = (premium: number) => (at: number) =>
    (((silver(at) + premium) * yuan(at)) / KG_PER_OZ).toFixed(0)
  const shanghaiGold = (at: number) => ((gold(at) * 1.003 * yuan(at)) / GRAMS_PER_OZ).toFixed(2)
  const fixed: Record<string, (at: number) => string> = {
    'sge-benchmark/shag-am': shanghai(4.6),
    'sge-benchmark/shag-pm': shanghai(4.7),
    'sge-benchmark/shau-am': shanghaiGold,
    'sge-benchmark/shau-pm': shanghaiGold,
    'lbma/silver': (at) => silver(at).toFixed(3),
    'lbma/gold-am': (at) => gold(at).toFixed(2),
    'lbma/gold-pm': (at) => gold(at).toFixed(2),
    'cfets/usdcny-fixing': (at) => yuan(at).toFixed(4),
    'ecb/usdcny': (at) => yuan(at).toFixed(4),
  }
  const days = Array.from({ length: 396 }, (_, i) => now + (i - 30) * DAY)
  return Object.entries(fixed).flatMap(([series, priceAt]) =>
    days.map((day) => fixings(series, day)).map((at) => ({ series, at, price: priceAt(at) })),
  )
}

function fixings(series: string, day: number): number {
  const [feed = '', name = ''] = series.split('/')
  const { zone, time } = exchanges[feed]?.series[name] ?? { zone: 'UTC', time: '12:00' }
  return instantOf(localTime(day, zone).date, time, zone)
}
