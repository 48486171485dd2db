/** `metalgap demo`: the whole product with simulated prices, on a machine where nothing is installed. */
import { InvalidArgumentError } from 'commander'
import { ROLES } from '../../workers/roles.ts'
import { listenForSignals } from '../../workers/signals.ts'
import { duration } from '../config/schema/words.ts'
import { readConfig } from '../config.ts'
import { type Product, runDemo } from '../demo/run.ts'
import { type Log, openLog } from '../log.ts'
import type { Settings } from '../settings.ts'
import { openWriter } from '../terminal.ts'
import type { CommandFile } from './command.ts'

interface Options {
  for?: number
  json?: boolean
  color: boolean
}

export default {
  summary:
    'shows the whole product at work, with simulated prices: a gap opens, an alert arrives, the gap closes',
  examples: ['demo', 'demo --for 60s', 'demo --for 60s --json'],
  configure(program) {
    program
      .option('--for <duration>', 'end by itself when it has shown so much, e.g. 60s', span)
      .option('--json', 'one JSON object a line: premiums, breaches and webhooks as they happen')
      .option('--no-color', 'no colour, even on a terminal')
  },
  async run({ options }, settings) {
    const out = process.stdout
    const json = options.json ?? false
    if (!json)
      console.error(
        'Starting a demo with SIMULATED PRICES. The first time, making a database takes some seconds.',
      )
    using stop = listenForTheEnd()
    // a log line would break the table that is drawn again in place
    const log = openLog(out.isTTY && !json ? 'silent' : 'warn', false)
    const sound = await runDemo({
      settings,
      log,
      openProduct: (own) => openWhole(own, log),
      screen: { out, json, colour: options.color && openWriter(out).colour },
      end: () =>
        options.for === undefined
          ? stop.signal
          : AbortSignal.any([stop.signal, AbortSignal.timeout(options.for)]),
    })
    return sound ? 0 : 1
  },
} satisfies CommandFile<Options>

async function openWhole(settings: Settings, log: Log): Promise<Product> {
  // the queue's libraries take a moment to load, and no other command needs them
  const { openProduct } = await import('../../workers/product.ts')
  const now = () => new Date()
  const config = await readConfig(settings.config, settings.env, now())
  return openProduct({
    settings,
    config,
    log,
    roles: ROLES,
    migrate: true,
    now,
    life: new AbortController().signal,
    simulated: true,
  })
}

/** Aborted by Ctrl-C and SIGTERM, and when nobody watches any more: the database must be stopped then, too. */
function listenForTheEnd(): Disposable & { signal: AbortSignal } {
  const signals = listenForSignals()
  const stopped = new AbortController()
  const stop = () => stopped.abort()
  void signals.first.then(stop)
  // the command line would end the process at once, and leave the database running
  process.stdout.removeAllListeners('error').on('error', stop)
  return { signal: stopped.signal, [Symbol.dispose]: signals[Symbol.dispose] }
}

function span(text: string): number {
  const parsed = duration.safeParse(text)
  if (parsed.success) return parsed.data
  throw new InvalidArgumentError('Expected a duration such as 60s or 5m.')
}
