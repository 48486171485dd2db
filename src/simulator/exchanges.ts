/** All simulated exchanges on one loopback port, told apart by their paths as the real ones are by their hosts. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { administer } from './admin.ts'
import type { Clock } from './clock.ts'
import type { Asked, Exchange, Reply, View } from './exchange.ts'
import { type Fault, type Faults, openFaults } from './faults.ts'
import { listenOnLoopback } from './loopback.ts'
import type { Price, Prices } from './prices.ts'
import { send } from './send.ts'
import { spoilPage, spoilPrice } from './spoil.ts'
import cfets from './wire/cfets.ts'
import ecb from './wire/ecb.ts'
import lbma from './wire/lbma.ts'
import sgeBenchmark from './wire/sge-benchmark.ts'
import sgeDelayed from './wire/sge-delayed.ts'
import sina from './wire/sina.ts'

/** By the id of the feed that each one answers. */
export const exchanges: Record<string, Exchange> = {
  'sge-delayed': sgeDelayed,
  'sge-benchmark': sgeBenchmark,
  sina,
  lbma,
  cfets,
  ecb,
}

const SGE_DELAY_MS = 15 * 60_000

export interface Exchanges {
  /** the `base_url` of every feed, e.g. http://127.0.0.1:40000 */
  url: string
  faults: Faults
  /** how many requests a feed has made */
  asked(feed: string): number
  close(): Promise<void>
}

export interface ExchangeOptions {
  prices: Prices
  clock: Clock
  /** 0, the default, takes any free one */
  port?: number
  /** how far the delayed exchange is behind; 15 minutes, as the real one */
  sge_delay_ms?: number
}

interface Market extends Omit<Required<ExchangeOptions>, 'port'> {
  faults: Faults
  asked: Map<string, number>
  frozen: Map<string, Reply>
}

/** Listens on 127.0.0.1. Rejects with the system's error where the port is taken. */
export async function startExchanges(options: ExchangeOptions): Promise<Exchanges> {
  const { prices, clock, port = 0, sge_delay_ms = SGE_DELAY_MS } = options
  const market: Market = {
    prices,
    clock,
    sge_delay_ms,
    faults: openFaults(),
    asked: new Map(),
    frozen: new Map(),
  }
  const server = createServer((request, response) => void handle(market, request, response))
  const { url, close } = await listenOnLoopback(server, port)
  return { url, faults: market.faults, asked: (feed) => market.asked.get(feed) ?? 0, close }
}

async function handle(market: Market, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer)
  } catch {
    return // the caller hung up
  }
  const body = Buffer.concat(chunks).toString()
  const [path = ''] = (request.url ?? '').split('?')
  const method = request.method ?? 'GET'
  if (path.startsWith('/simulator')) {
    const feeds = Object.keys(exchanges)
    send(
      response,
      administer(path, method, body, { ...market, feeds, asked: (feed) => market.asked.get(feed) ?? 0 }),
      null,
    )
    return
  }
  const asked = { method, path, headers: request.headers, form: new URLSearchParams(body) }
  const { reply, fault } = answer(market, asked)
  send(response, reply, fault)
}

function answer(market: Market, asked: Asked): { reply: Reply; fault: Fault | null } {
  const found = Object.entries(exchanges).find(([, { paths }]) =>
    paths.some((path) => isAt(asked.path, path)),
  )
  if (!found)
    return {
      reply: { status: 404, content_type: 'text/html', body: Buffer.from('<h1>404</h1>') },
      fault: null,
    }
  const [feed, exchange] = found
  market.asked.set(feed, (market.asked.get(feed) ?? 0) + 1)
  const fault = market.faults.take(feed)
  const page = `${asked.path} ${asked.form}`
  const fresh = () => spoilPage(exchange.answer(asked, viewOf(market, feed, fault)), fault, exchange)
  if (fault !== 'frozen') market.frozen.delete(page)
  const reply = market.frozen.get(page) ?? fresh()
  if (fault === 'frozen') market.frozen.set(page, reply)
  return { reply, fault }
}

/** `/list=` is followed by the symbols; every other path is a whole one. */
function isAt(asked: string, path: string): boolean {
  return path.endsWith('=') ? asked.startsWith(path) : asked === path
}

function viewOf(market: Market, feed: string, fault: Fault | null): View {
  const now = market.clock.now().getTime()
  const delay = feed === 'sge-delayed' ? market.sge_delay_ms : 0
  const spoil = (price: Price) => spoilPrice(price, fault)
  return {
    now,
    latest: (name) => {
      const latest = market.prices.latest(`${feed}/${name}`, now, delay)
      return latest && spoil(latest)
    },
    between: (name, from, until) =>
      market.prices.between(`${feed}/${name}`, from, until, now, delay).map(spoil),
  }
}
