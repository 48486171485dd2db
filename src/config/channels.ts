import type { z } from 'zod'
import { addressProblem } from '../addresses.ts'
import type { Channel } from '../channels/channel.ts'
import { check, checkPart, namesIn, own, reportUnknown } from './check.ts'
import type { Document } from './document.ts'
import { channelsFile } from './schema/channels.ts'
import type { ChannelConfig, Config, RouteConfig } from './types.ts'

export interface Channels {
  channels: Record<string, ChannelConfig>
  operators: string[]
  routes: RouteConfig[]
  heartbeat: Config['heartbeat']
  /** also those in which there is a mistake */
  names: string[]
}

/** Each channel's settings are validated by its kind; where it goes is held to the rules for addresses. */
export function resolveChannels(
  document: Document | undefined,
  kinds: Record<string, Channel>,
  allow_private: string[],
): Channels {
  const names = namesIn(document, 'channels')
  const file = document && check(channelsFile, document, true)
  if (!document || !file) return { channels: {}, operators: [], routes: [], heartbeat: null, names }
  const channels: Record<string, ChannelConfig> = {}
  for (const [channel, { kind, mute, ...rest }] of Object.entries(file.channels)) {
    const path = ['channels', channel]
    const settings = settingsOf(document, path, kinds, kind, rest, allow_private)
    if (settings) channels[channel] = { channel, kind, mute, settings }
  }
  file.operators.forEach((name, index) => {
    reportUnknown(document, ['operators', index], 'channel', name, names)
  })
  const { operators, routes } = file
  return { channels, operators, routes, heartbeat: heartbeatOf(document, file, allow_private), names }
}

function heartbeatOf(
  document: Document,
  { heartbeat }: z.output<typeof channelsFile>,
  allow_private: string[],
): Config['heartbeat'] {
  if (heartbeat === null) return null
  const unresolved = document.unresolved.some(([section]) => section === 'heartbeat')
  const problem = unresolved ? null : addressProblem(heartbeat.url, allow_private)
  if (problem) document.report(['heartbeat', 'url'], problem)
  return { url: heartbeat.url, every_ms: heartbeat.every }
}

function settingsOf(
  document: Document,
  path: PropertyKey[],
  kinds: Record<string, Channel>,
  kind: string,
  written: Record<string, unknown>,
  allow_private: string[],
): Record<string, unknown> | null {
  const channel = own(kinds, kind)
  if (!channel) {
    reportUnknown(document, [...path, 'kind'], 'kind', kind, Object.keys(kinds))
    return null
  }
  const settings = checkPart(channel.settings, written, document, path)
  if (!settings) return null
  const url = document.unresolved.some((missing) => missing[1] === path[1]) ? null : channel.url(settings)
  const problem = url === null ? null : addressProblem(url, allow_private)
  if (problem) document.report([...path, 'url'], problem)
  return problem ? null : settings
}
