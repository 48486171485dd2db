/** What the other side hands back of what it was sent: nothing of it is kept or shown. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { scrubbed } from '../../src/delivery/scrub.ts'
import type { Feed } from '../../src/feeds/feed.ts'
import { readPage } from '../../src/polling/page.ts'
import { loadFeeds } from '../../src/shelf.ts'
import { configFrom } from '../config.ts'
import { openDesk } from './desk.ts'
import { startDestination } from './destination.ts'

const TOKEN = 'hunter2/hunter2+hunter2=='
const PATH_TOKEN = 'hunter2hunter2'
const SETTINGS = {
  url: `https://hooks.example.com/services/T000/${PATH_TOKEN}?sig=${encodeURIComponent(TOKEN)}&a=1&b=x/hunter2-z`,
  secrets: [`whsec_${TOKEN}`],
  headers: { authorization: `Bearer ${TOKEN}` },
  ...{ user: 'hunter2-user', password: TOKEN },
}

test.for([
  ['as it is', `no ${TOKEN} here`],
  ['as JSON of PHP', JSON.stringify({ error: `no ${TOKEN}` }).replaceAll('/', String.raw`\/`)],
  ['as a URL', `no ${encodeURIComponent(TOKEN)}`],
  ['the whole URL as JSON of PHP', JSON.stringify(SETTINGS.url).replaceAll('/', String.raw`\/`)],
  ['the whole URL in HTML', `<p>${SETTINGS.url.replaceAll('&', '&amp;')}</p>`],
  ['the last part of the path', `No service ${PATH_TOKEN} is known`],
  ['the last part of a query with a slash', 'bad request: hunter2-z'],
  ['a password in base64', `334 ${Buffer.from(TOKEN).toString('base64')}`],
  ['a login in base64', `AUTH PLAIN ${Buffer.from(`\0hunter2-user\0${TOKEN}`).toString('base64')} unknown`],
] as const)('a secret that a receiver repeats is not shown: %s', ([, said]) => {
  const shown = scrubbed(said, SETTINGS)
  expect(shown).toContain('[secret]')
  expect(shown).not.toMatch(/hunter2|aHVudGVy|h1bnRlc/)
})

test('an answer of Slack that names no place is a yes, and nothing of it is kept', async () => {
  await using chat = await startDestination()
  await using desk = await openDesk({})
  const bot = { channel: 'chat', kind: 'slack-bot', settings: {} }
  const { default: slackBot } = await import('../../src/channels/slack-bot.ts')
  bot.settings = slackBot.settings.parse({ token: 'xoxb-1', channel: 'C1', url: chat.url, chart: false })
  Object.assign(desk.context.config.channels, { chat: bot })
  const due = await desk.write('chat')
  chat.react({ status: 200, body: String.raw`{"ok":true,"channel":"C\u0000","ts":"1"}` })
  expect((await desk.send(due)).is).toBe('delivered')
})

test('a feed whose source hands its key back keeps it in no page and tells it in no error', async () => {
  const server = createServer((request, response) => response.end(`no such key: ${request.url}`))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const config = await configFrom({
    'metals/tin.yaml': 'metal: tin\ntitle: Tin\nunit: t\n',
    'feeds.yaml': `feeds: { ecb: { base_url: "${base_url}", key: hunter2-hunter2 } }`,
    'network.yaml': 'allow_private: [127.0.0.1]',
  })
  const { ecb } = await loadFeeds()
  const page = { page: 'daily', method: 'GET', path: '/?key=hunter2-hunter2', series: ['usdcny'] } as const
  const context = { config, now: () => new Date(), life: new AbortController().signal }
  const read = await readPage(context, config.feeds['ecb'] as never, ecb as Feed, page)
  server.close()
  expect(read.problem?.is).toBe('not_understood')
  expect(Buffer.from(read.bytes ?? []).toString()).toBe('no such key: /?key=[key]')
  expect(JSON.stringify(read)).not.toContain('hunter2')
})
