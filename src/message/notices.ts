/** News that is not about a price: of feeds, dates, channels and deliveries. */
import type { Message } from '../channels/channel.ts'
import type { ChannelData, DeliveryData, FeedData, PolicyData } from './data.ts'

type Facts<Data> = Omit<Data, 'schema_version' | 'test' | 'truncated'>

export function feedMessage(
  type: 'feed.failing' | 'feed.recovered',
  at: Date,
  facts: Facts<FeedData>,
): Message {
  return message(type, at, facts)
}

export function policyMessage(at: Date, facts: Facts<PolicyData>): Message {
  return message('policy.upcoming', at, facts)
}

/** failing: it refuses us for now and an operator can do something about it; disabled: nothing is sent until then. */
export function channelMessage(
  type: 'channel.failing' | 'channel.disabled',
  at: Date,
  facts: Facts<ChannelData>,
): Message {
  return message(type, at, facts)
}

export function deadMessage(at: Date, facts: Facts<DeliveryData>): Message {
  return message('delivery.dead', at, facts)
}

function message(type: string, at: Date, facts: object): Message {
  return { type, timestamp: at.toISOString(), data: { schema_version: 1, test: false, ...facts } }
}
