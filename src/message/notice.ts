/** News that is not about a price: of feeds, dates, channels and deliveries. */
import type { Message } from '../channels/channel.ts'
import type { ChannelData, DeliveryData, FeedData, PolicyData } from './data.ts'

/** What each type tells. channel.failing: it refuses us for now; channel.disabled: nothing is sent until it is enabled. */
interface Notices {
  'feed.failing': FeedData
  'feed.recovered': FeedData
  'policy.upcoming': PolicyData
  'channel.failing': ChannelData
  'channel.disabled': ChannelData
  'delivery.dead': DeliveryData
}

export function notice<Type extends keyof Notices>(
  type: Type,
  at: Date,
  facts: Omit<Notices[Type], 'schema_version' | 'test' | 'truncated'>,
): Message {
  return { type, timestamp: at.toISOString(), data: { schema_version: 1, test: false, ...facts } }
}
