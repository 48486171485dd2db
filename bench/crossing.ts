/**
 * A price crosses the bound at a random moment while the product polls every second by its schedule: how long until
 * the webhook arrives, against a bare poller of the same page that sees the same crossings. Both ask when the wall
 * clock shows a full second, so that chance deals both the same waiting time.
 *
 *     node bench/crossing.ts [crossings]
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { startExchanges } from '../src/simulator/exchanges.ts'
import { type Price, type RecordedPrice, recordedPrices } from '../src/simulator/prices.ts'
import { writeConfiguration } from './lib/configuration.ts'
import { openFolder } from './lib/folder.ts'
import { openMachine, ratioOf, spread } from './lib/machine.ts'
import { LOW } from './lib/prices.ts'
import { openReceiver, type Receiver } from './lib/receiver.ts'
import { startProduct } from './lib/start.ts'

const CROSSINGS = Number(process.argv[2] ?? 60)
const APART_MS = 2_500
const SETTLE_MS = 5_000
// the gap is 4.40 and 5.80 USD/oz
const LONDON = ['60.000', '58.600'] as const
const AIM = 1.1

const machine = openMachine()
using folder = openFolder()
await using receiver = await openReceiver()
let london = recordedPrices([{ series: 'sina/xag', at: Date.now() - 60_000, price: LONDON[0] }])
const exchanges = await startExchanges({
  prices: { latest, between: (series, from, until, now) => within(latest(series, now, 0), from, until) },
  clock: { now: () => new Date() },
  sge_delay_ms: 0,
})
const config = writeConfiguration(folder.path, {
  exchanges: exchanges.url,
  receiver: `${receiver.url}/product`,
  schedule: '* * * * * *',
})
const product = await startProduct(folder.path, config)
using _bare = openBarePoller(exchanges.url, receiver)
await sleep(SETTLE_MS)

const moments = Array.from(
  { length: CROSSINGS },
  (_, i) => Date.now() + APART_MS * (i + 1) + Math.floor(Math.random() * 1000),
)
london = recordedPrices([crossingAt(product.spawned, 1), ...moments.map(crossingAt)])
await sleep(APART_MS * (CROSSINGS + 2))
await product.stop()
await exchanges.close()

const waits = (path: string) => {
  const arrivals = receiver.arrivals.filter((arrival) => arrival.path === path)
  if (arrivals.length !== CROSSINGS)
    throw new Error(`${path}: ${arrivals.length} webhooks for ${CROSSINGS} crossings`)
  return arrivals.map(({ at }, i) => at - (moments[i] ?? 0))
}
const [ours, bare] = [waits('/product'), waits('/bare')]
const later = ours.map((wait, i) => wait - (bare[i] ?? 0))
const [product_ms, floor_ms] = [spread(ours), spread(bare)]
const ratio = ratioOf(product_ms, floor_ms)
const met = ratio.p50 <= AIM && ratio.p95 <= AIM
const figures = { crossings: CROSSINGS, product_ms, floor_ms, ratio, later_ms: spread(later), aim: AIM, met }
console.log(JSON.stringify({ figure: 'crossing', ...machine(), ...figures }, undefined, 2))

/** Shanghai and the rate stand still, but are quoted anew every second. */
function latest(series: string, now: number, delay: number): Price | null {
  if (series === 'sina/xag') return london.latest(series, now, delay)
  const price = LOW[series as keyof typeof LOW]
  return price === undefined ? null : { at: Math.floor(now / 1000) * 1000, price }
}

function within(price: Price | null, from: number, until: number): Price[] {
  return price !== null && price.at >= from && price.at < until ? [price] : []
}

/** Quoted in whole seconds, as sources do, and known from the very moment. */
function crossingAt(moment: number, i: number): RecordedPrice {
  const price = LONDON[(i + 1) % 2] ?? ''
  return { series: 'sina/xag', at: Math.floor(moment / 1000) * 1000, price, known_at: moment }
}

function openBarePoller(url: string, { url: receiver }: Receiver): Disposable {
  let last: string = LONDON[0]
  let timer = setTimeout(tick, untilNextSecond())
  async function tick() {
    timer = setTimeout(tick, untilNextSecond())
    const headers = { referer: 'https://finance.sina.com.cn' }
    const page = await (await request(`${url}/list=hf_XAG`, { headers })).body.text()
    const price = /hf_XAG="([\d.]+)/.exec(page)?.[1] ?? ''
    if (price === last) return
    last = price
    await (await request(`${receiver}/bare`, { method: 'POST', body: JSON.stringify({ price }) })).body.dump()
  }
  return { [Symbol.dispose]: () => clearTimeout(timer) }
}

function untilNextSecond(): number {
  return 1000 - (Date.now() % 1000)
}
