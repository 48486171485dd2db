import { expect, test } from 'vitest'
import slack from '../../src/channels/slack.ts'
import { evidenceLinkOf, withEvidenceLink } from '../../src/message/evidence-link.ts'
import { exampleOf } from '../../src/message/examples.ts'
import { foldedMessage } from '../../src/message/folded.ts'
import { breach, NOW } from './samples.ts'

const LINK = 'https://g.example.com/{metal}?id={breach_id}&rule={rule}'

test('the fields of a link are those of the breach, encoded', () => {
  const { data } = withEvidenceLink(breach('breach.raised', { breach_id: 'b 1', rule: 'a&b|<c>' }), LINK)
  expect(data['evidence_url']).toBe('https://g.example.com/silver?id=b%201&rule=a%26b%7C%3Cc%3E')
})

test('there is no link where news is of no breach, and none where none is configured', () => {
  const news = exampleOf('feed.failing', NOW)
  expect(withEvidenceLink(news, LINK)).toBe(news)
  expect(withEvidenceLink(breach(), null)).not.toHaveProperty('data.evidence_url')
})

test('steps of one breach in one message share a link; several breaches have none', () => {
  const waiting = (breach_id: string, type: string) => ({
    ...{ delivery_id: type, type, breach_id, sequence: 1 },
    message: withEvidenceLink(breach(type, { breach_id }), LINK),
  })
  const one = foldedMessage([waiting('b1', 'breach.raised'), waiting('b1', 'breach.cleared')])
  expect(evidenceLinkOf(one)).toBe('https://g.example.com/silver?id=b1&rule=example-gap')
  expect(
    evidenceLinkOf(foldedMessage([waiting('b1', 'breach.raised'), waiting('b2', 'breach.raised')])),
  ).toBeNull()
})

test('Slack is given a link that ends where the address ends', () => {
  const link = 'https://g.example.com/a|b?x=1&y=<2>'
  const { blocks } = JSON.parse(slack.render(breach('breach.raised', { evidence_url: link }), slack.example))
  expect(blocks.at(-1).elements.at(-1)).toEqual({
    type: 'mrkdwn',
    text: '<https://g.example.com/a%7Cb?x=1&amp;y=&lt;2&gt;|Evidence>',
  })
})
