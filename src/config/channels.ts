import type { z } from 'zod'
import type { Channel } from '../channels/channel.ts'
import { addressProblem } from '../http/addresses.ts'
import { check, checkPart, namesIn, own, reportUnknown } from './check.ts'
import type { Document, Path } from './document.ts'
import { checkNames } from './references.ts'
import { channelsFile } from './schema/channels.ts'
import type { ChannelConfig, Config, RouteConfig } from './types.ts'

export interface Channels {
  channels: Record<string, ChannelConfig>
  operators: string[]
  routes: RouteConfig[]
  heartbeat: Config['heartbeat']
  evidence_link: string | null
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
  if (!document || !file)
    return { channels: {}, operators: [], routes: [], heartbeat: null, evidence_link: null, names }
  const channels: Record<string, ChannelConfig> = {}
  for (const [channel, { kind, mute, ...rest }] of Object.entries(file.channels)) {
    const settings = settingsOf(document, channel, kinds, kind, rest, allow_private)
    if (settings) channels[channel] = { channel, kind, mute, settings }
  }
  checkNames(document, ['operators'], 'channel', names)
  const { operators, routes, links } = file
  const heartbeat = heartbeatOf(document, file, allow_private)
  return { channels, operators, routes, heartbeat, evidence_link: links.evidence ?? null, names }
}

function heartbeatOf(
  document: Document,
  { heartbeat }: z.output<typeof channelsFile>,
  allow_private: string[],
): Config['heartbeat'] {
  if (heartbeat === null) return null
  checkAddress(document, ['heartbeat', 'url'], heartbeat.url, allow_private)
  return { url: heartbeat.url, every_ms: heartbeat.every }
}

function settingsOf(
  document: Document,
  name: string,
  kinds: Record<string, Channel>,
  kind: string,
  written: Record<string, unknown>,
  allow_private: string[],
): Record<string, unknown> | null {
  const path = ['channels', name]
  const channel = own(kinds, kind)
  if (!channel) {
    reportUnknown(document, [...path, 'kind'], 'kind', kind, Object.keys(kinds))
    return null
  }
  const settings = checkPart(channel.settings, written, channel.example, document, path)
  const url = channel.url(settings)
  if (url !== null) checkAddress(document, [...path, 'url'], url, allow_private)
  return settings
}

function checkAddress(document: Document, path: Path, url: string, allow_private: string[]): void {
  const problem = addressProblem(url, allow_private)
  if (problem) document.report(path, problem)
}
