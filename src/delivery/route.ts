import type { Channel } from '../channels/channel.ts'
import type { Config } from '../config.ts'
import { loadChannels } from '../shelf.ts'

const KINDS = await loadChannels()

/** A configured channel with the code of its kind. */
export interface Route {
  channel: string
  kind: string
  code: Channel
  settings: Record<string, unknown>
  /** what it dials; null where that is nothing */
  host: string | null
}

/** Null when the configuration names no such channel. */
export function routeTo(config: Pick<Config, 'channels'>, channel: string): Route | null {
  const configured = config.channels[channel]
  const code = configured && KINDS[configured.kind]
  if (!configured || !code) return null
  const settings = configured.settings as Record<string, unknown>
  return { channel, kind: configured.kind, code, settings, host: hostOf(code, settings) }
}

function hostOf(code: Channel, settings: Record<string, unknown>): string | null {
  if (code.regime === 'local') return code.host?.(settings) ?? null
  const url = code.url(settings)
  return url && new URL(url).host
}

/** What goes to one host goes through one lane; what dials nothing has a lane of its own. */
export function laneOf(config: Pick<Config, 'channels'>, channel: string): string {
  return routeTo(config, channel)?.host ?? channel
}

/** Can a message in this channel be changed after it was sent, so that it shows what has eased? */
export function canEdit(config: Pick<Config, 'channels'>, channel: string): boolean {
  const code = routeTo(config, channel)?.code
  return code !== undefined && code.regime !== 'local' && code.edit?.shows === true
}

/** Is a message in this channel something that somebody acknowledges? */
export function canAcknowledge(config: Pick<Config, 'channels'>, channel: string): boolean {
  return routeTo(config, channel)?.code.acknowledges ?? false
}
