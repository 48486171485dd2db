/** `metalgap channel test NAME`, `metalgap channel enable NAME` and `metalgap channel rotate NAME`. */
import { Argument } from 'commander'
import { type Tried, tryChannel } from '../channel-test.ts'
import { printObject } from '../command-line/print.ts'
import { readConfig } from '../config.ts'
import { openLog } from '../log.ts'
import { noSuch } from '../nearest.ts'
import { asLive } from '../open-database.ts'
import { rotationOf } from '../rotation.ts'
import type { Settings } from '../settings.ts'
import { channelStates, enableChannel } from '../store/channels.ts'
import { counted } from '../text.ts'
import type { CommandFile } from './command.ts'

export default {
  summary:
    'tries a channel the way every alert goes, enables one that was disabled, or changes its signing secret',
  examples: [
    'channel test terminal',
    'channel test treasury --json',
    'channel enable risk',
    'channel rotate risk',
  ],
  configure(program) {
    program
      .addArgument(new Argument('<action>', 'what to do').choices(['test', 'enable', 'rotate']))
      .argument('<name>', 'a name in channels.yaml')
      .option('--json', 'the outcome of a test as one JSON object')
  },
  run({ args: [action, name = ''], options: { json = false } }, settings) {
    if (action === 'rotate') return rotate(settings, name)
    return action === 'test' ? test(settings, name, json) : enable(settings, name)
  },
} satisfies CommandFile<{ json?: boolean }>

async function test(settings: Settings, name: string, json: boolean): Promise<number> {
  const config = await readConfig(settings.config, settings.env, new Date())
  const known = Object.keys(config.channels)
  if (!known.includes(name)) throw noSuch('channel', name, known)
  const parts = {
    config,
    log: openLog('fatal', false),
    now: () => new Date(),
    life: new AbortController().signal,
  }
  const tried = await asLive(settings, (database) => tryChannel({ ...parts, database }, name))
  if (json) printObject(tried)
  else console.error(outcome(tried))
  return tried.delivered ? 0 : 1
}

function outcome(tried: Tried): string {
  const { channel, delivery_id, delivered, status, problem } = tried
  const answer = status === null ? '' : `, status ${status}`
  if (delivered) return `${channel}: delivered${answer}. webhook-id ${delivery_id}`
  return `${channel}: NOT delivered${answer}: ${problem}. ${whatNext(tried)}`
}

function whatNext({ channel, disabled, next_attempt_at }: Tried): string {
  if (disabled) return `It is held until you run: metalgap channel enable ${channel}`
  if (next_attempt_at === null) return 'It is not tried again.'
  return `It waits like any alert (next ${next_attempt_at.toISOString()}) and goes out while metalgap start runs.`
}

async function enable(settings: Settings, name: string): Promise<number> {
  const before = await asLive(settings, async (database) => {
    const states = await channelStates(database)
    const state = states.find(({ channel }) => channel === name)
    if (state === undefined)
      throw noSuch(
        'channel',
        name,
        states.map(({ channel }) => channel),
      )
    await enableChannel(database, name)
    return state
  })
  const was =
    before.disabled_at === null
      ? 'was not disabled'
      : `was disabled since ${before.disabled_at.toISOString()}`
  const waited = counted(before.pending, 'delivery that waited goes', 'deliveries that waited go')
  console.error(`${name} ${was}; it is enabled, and ${waited} out.`)
  return 0
}

/** The secret alone on stdout, so that it can be piped to where secrets are kept. */
async function rotate(settings: Settings, name: string): Promise<number> {
  const { channels } = await readConfig(settings.config, settings.env, new Date())
  const channel = channels[name]
  if (channel === undefined) throw noSuch('channel', name, Object.keys(channels))
  const { secret, steps } = rotationOf(channel)
  process.stdout.write(`${secret}\n`)
  console.error(steps.join('\n'))
  return 0
}
