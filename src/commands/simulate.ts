/** `metalgap simulate`: the exchanges on this machine, with recorded or invented prices. */
import { InvalidArgumentError } from 'commander'
import { instant } from '../command-line/options.ts'
import { UserError } from '../errors.ts'
import { readPriceFile } from '../price-file.ts'
import { type Clock, simulatedClock } from '../simulator/clock.ts'
import { type Exchanges, exchanges, startExchanges } from '../simulator/exchanges.ts'
import { parseFault } from '../simulator/faults.ts'
import { baseUrls, writeBaseUrls } from '../simulator/feeds-yaml.ts'
import { type Prices, recordedPrices } from '../simulator/prices.ts'
import { rebased, recordingOf } from '../simulator/recording.ts'
import { scenario } from '../simulator/scenario.ts'
import { counted } from '../text.ts'
import type { CommandFile } from './command.ts'

interface Options {
  prices?: string[]
  series?: string
  port: number
  speed: number
  from?: Date
  rebase?: boolean
  faults: string[]
  delay: number
  writeConfig?: string
}

interface Market {
  prices: Prices
  clock: Clock
  /** for people */
  story: string
}

export default {
  summary: "serves recorded or invented prices in the sources' own formats, on this machine",
  examples: [
    'simulate',
    'simulate --prices silver.csv --series lbma/silver --speed 0 --port 9000',
    'simulate --prices january.csv.gz --rebase --speed 60 --write-config config',
    'simulate --faults sina=hang sge-delayed=503*3',
  ],
  configure(program) {
    program
      .option(
        '--prices <files...>',
        'CSV or CSV.gz with time or date, price, and perhaps series, bid, ask, known_at',
      )
      .option('--series <series>', 'for rows that name none, e.g. lbma/silver')
      .option('--port <port>', 'where to listen on 127.0.0.1; 0 takes any free port', number(0, 65_535), 0)
      .option(
        '--speed <factor>',
        'how fast time goes by; 0 stands still until POST /simulator/clock',
        number(0),
        1,
      )
      .option('--from <time>', 'where the recording begins (ISO); otherwise its first price', instant)
      .option('--rebase', 'moves the recording to now, for a program that lives in the present')
      .option('--faults <faults...>', 'FEED=FAULT or FEED=FAULT*TIMES, e.g. sina=hang', [])
      .option('--delay <minutes>', 'how far the delayed Shanghai quotes are behind', number(0), 15)
      .option('--write-config <folder>', 'point feeds.yaml of this configuration at the simulator')
  },
  async run({ options }) {
    const market = options.prices ? await recorded(options, options.prices) : invented()
    const { prices, clock } = market
    const started = await listen(
      { prices, clock, port: options.port, sge_delay_ms: options.delay * 60_000 },
      options,
    )
    try {
      const feeds = Object.keys(exchanges)
      for (const { feed, fault, times } of options.faults.map((text) => parseFault(text, feeds)))
        started.faults.set(feed, fault, times)
      if (options.writeConfig) await writeBaseUrls(options.writeConfig, started.url, feeds)
      console.error(`SIMULATED PRICES. ${market.story} Ctrl-C ends it.`)
      console.log(baseUrls(started.url, feeds))
      await stopSignal()
    } finally {
      await started.close()
    }
    return 0
  },
} satisfies CommandFile<Options>

async function recorded(options: Options, files: string[]): Promise<Market> {
  const read = (await Promise.all(files.map((file) => readPriceFile(file, options.series)))).flat()
  const now = Date.now()
  if (options.rebase && options.speed === 0)
    throw new UserError('--rebase runs with the present: --speed must be more than 0', 2)
  const recording = recordingOf(options.rebase ? rebased(read, now, options.speed) : read)
  const first = recording.reduce((earliest, { at }) => Math.min(earliest, at), Number.POSITIVE_INFINITY)
  if (recording.length === 0) throw new UserError(`${files.join(', ')}: no prices in it`)
  const begin = options.from ?? new Date(first)
  const series = new Set(recording.map((row) => row.series)).size
  return {
    prices: recordedPrices(recording),
    clock: options.rebase
      ? { now: () => new Date() }
      : simulatedClock({ real: Date.now, at: begin, speed: options.speed }),
    story: `${counted(recording.length, 'price')} of ${series} series from ${begin.toISOString()}, speed ${options.speed}.`,
  }
}

function invented(): Market {
  const began = Date.now()
  return {
    prices: scenario(() => began, began),
    clock: { now: () => new Date() },
    story: 'The gap of silver opens and closes every two minutes.',
  }
}

async function listen(wanted: Parameters<typeof startExchanges>[0], { port }: Options): Promise<Exchanges> {
  try {
    return await startExchanges(wanted)
  } catch (error) {
    throw new UserError(
      `port ${port}: ${error instanceof Error ? error.message : error}; choose another with --port`,
    )
  }
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

function number(least: number, most = Number.POSITIVE_INFINITY) {
  return (text: string): number => {
    const value = Number(text)
    if (text.trim() !== '' && value >= least && value <= most) return value
    throw new InvalidArgumentError(`Expected a number of at least ${least}.`)
  }
}
