/** News of feeds, dates, channels and deliveries, in words. */
import type { ChannelData, DeliveryData, FeedData, PolicyData } from '../message/data.ts'
import { minutes } from './format.ts'
import type { Story } from './story.ts'

const MEANS: Record<FeedData['state'], string> = {
  ok: 'prices arrive',
  late: 'nothing new has come, and no alert can rise from what is old',
  failing: 'no alert can rise from its prices',
  frozen: 'its prices stand still and may be old',
  drifted: 'its page has changed and is not understood, no alert can rise from its prices',
  disputed: 'another source says otherwise, no alert can rise from its prices',
  disabled: 'it is polled no more',
}

export function feedWording(type: string, feed: FeedData): Story {
  const since = `since ${minutes(feed.since, 'UTC')}`
  const headline =
    type === 'feed.recovered'
      ? `RECOVERED feed ${feed.feed}: prices arrive again, it was out ${since}`
      : `FEED ${feed.feed} is ${feed.state} ${since}: ${MEANS[feed.state]}`
  return {
    headline,
    lines: [
      { label: 'Series', text: feed.series.join(', ') },
      ...(feed.last_error ? [{ label: 'Error', text: feed.last_error }] : []),
      ...(feed.failures_in_row > 0 ? [{ label: 'Failures', text: `${feed.failures_in_row} in a row` }] : []),
      { label: 'See', text: `metalgap feed ${feed.feed}` },
    ],
  }
}

export function policyWording({ title, date, days, metals, source }: PolicyData): Story {
  const distance = days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`
  return {
    headline: `POLICY ${distance}, ${date}: ${title}`,
    lines: [
      { label: 'Metals', text: metals.join(', ') },
      { label: 'Source', text: source },
    ],
  }
}

export function channelWording(type: string, { channel, kind, since, reason }: ChannelData): Story {
  const disabled = type === 'channel.disabled'
  const state = disabled
    ? 'is disabled, what it should tell is held'
    : 'refuses what it is sent, it is tried again'
  return {
    headline: `CHANNEL ${channel} ${state}: ${reason}`,
    lines: [
      { label: 'Channel', text: `${channel} (${kind})` },
      { label: 'Since', text: minutes(since, 'UTC') },
      {
        label: 'Do',
        text: disabled ? `metalgap channel enable ${channel}` : `metalgap channel test ${channel}`,
      },
    ],
  }
}

export function deadWording({ channel, what, about, attempts, reason, delivery_id }: DeliveryData): Story {
  const tried = attempts === 1 ? 'after one attempt' : `after ${attempts} attempts`
  return {
    headline: `NOT DELIVERED: ${what} to ${channel}, given up ${tried}: ${reason}`,
    lines: [
      { label: 'Delivery', text: delivery_id },
      ...(about
        ? [{ label: 'Breach', text: `metalgap explain ${about.breach_id} (step ${about.sequence})` }]
        : []),
      { label: 'See', text: `metalgap deliveries` },
    ],
  }
}
