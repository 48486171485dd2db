/** The chart in the thread, against a server that speaks like Slack's Web API and its file store. */
import { createServer, type IncomingMessage } from 'node:http'
import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { listenOnLoopback } from '../../src/simulator/loopback.ts'
import { breach } from '../channels/samples.ts'
import { openBot } from './bot.ts'

interface Call {
  path: string
  headers: IncomingMessage['headers']
  body: Buffer
}

type Said = Record<string, unknown>

/** Answers as Slack does; what a test gives for a path goes before. */
async function startSlack(answers: Record<string, { status: number; body: Said | string }> = {}) {
  const calls: Call[] = []
  let posted = 0
  const server = createServer(async (request, response) => {
    const path = request.url ?? ''
    calls.push({ path, headers: request.headers, body: Buffer.concat(await request.toArray()) })
    const usual: Record<string, Said | string> = {
      '/api/chat.postMessage': { ok: true, channel: 'C123', ts: `1769670046.00010${posted++}` },
      '/api/chat.update': { ok: true, channel: 'C123', ts: '1769670046.000100' },
      '/api/files.getUploadURLExternal': { ok: true, upload_url: `${url}/upload/v1/ABC`, file_id: 'F123' },
      '/upload/v1/ABC': 'OK - 1648',
      '/api/files.completeUploadExternal': { ok: true, files: [{ id: 'F123', title: 'example-gap' }] },
    }
    const { status, body } = answers[path] ?? { status: 200, body: usual[path] ?? '' }
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  const { url, close } = await listenOnLoopback(server)
  return {
    url,
    calls,
    paths: () => calls.map(({ path }) => path.replace('/api/', '')),
    [Symbol.asyncDispose]: close,
  }
}

const THREE_STEPS = ['files.getUploadURLExternal', '/upload/v1/ABC', 'files.completeUploadExternal']

test('the first message of a breach has a chart of the hours before it in its thread, later ones have none', async () => {
  await using slack = await startSlack()
  await using desk = await openBot(slack.url)
  expect((await desk.tell(breach('breach.raised'))).is).toBe('delivered')
  desk.wait(1_000)
  expect((await desk.tell(breach('breach.cleared'))).is).toBe('delivered')
  expect(slack.paths()).toEqual(['chat.postMessage', ...THREE_STEPS, 'chat.update', 'chat.postMessage'])
  const [, place, bytes, shown] = slack.calls as [Call, Call, Call, Call]
  const asked = new URLSearchParams(place.body.toString())
  expect(Object.fromEntries(asked)).toMatchObject({
    filename: 'example-gap.png',
    length: String(bytes.body.length),
  })
  expect(place.headers).toMatchObject({
    authorization: 'Bearer xoxb-0-invented',
    'content-type': 'application/x-www-form-urlencoded',
  })
  expect(bytes.headers.authorization).toBeUndefined()
  expect(sizeOf(bytes.body)).toEqual({ width: 720, height: 320 })
  expect(Object.fromEntries(new URLSearchParams(shown.body.toString()))).toEqual({
    files: expect.stringMatching(/^\[\{"id":"F123","title":"example-gap, USD\/oz: /),
    channel_id: 'C123',
    thread_ts: '1769670046.000100',
  })
})

test.for([
  ['files.getUploadURLExternal', 200, { ok: false, error: 'missing_scope' }],
  ['files.getUploadURLExternal', 429, 'ratelimited'],
  ['../upload/v1/ABC', 500, ''],
  ['files.completeUploadExternal', 200, { ok: false, error: 'channel_not_found' }],
] as const)(
  'where %s answers %i the alert has arrived all the same, once',
  async ([method, status, body]) => {
    await using slack = await startSlack({ [new URL(`http://x/api/${method}`).pathname]: { status, body } })
    await using desk = await openBot(slack.url)
    const { due, is, next } = await desk.tell(breach('breach.raised'))
    expect({ is, next }).toEqual({ is: 'delivered', next: [] })
    expect(await desk.attempts(due)).toEqual(['delivered'])
    expect(slack.paths().filter((path) => path === 'chat.postMessage')).toHaveLength(1)
    expect(desk.log.map(({ msg }) => msg)).toContain('delivered without its picture')
    expect(await desk.news()).toEqual([])
  },
)

test('a store for files on an address that is closed to us is not dialled', async () => {
  const place = { ok: true, upload_url: 'http://169.254.169.254/latest/meta-data', file_id: 'F1' }
  await using slack = await startSlack({ '/api/files.getUploadURLExternal': { status: 200, body: place } })
  await using desk = await openBot(slack.url)
  expect((await desk.tell(breach('breach.raised'))).is).toBe('delivered')
  expect(slack.paths()).toEqual(['chat.postMessage', 'files.getUploadURLExternal'])
})

test('where nothing is known of the hours before, there is no chart', async () => {
  await using slack = await startSlack()
  await using desk = await openBot(slack.url)
  const { data, ...message } = breach('breach.raised')
  const { recent: _, ...unknown } = data as Said
  expect((await desk.tell({ ...message, data: unknown })).is).toBe('delivered')
  expect(slack.paths()).toEqual(['chat.postMessage'])
})

/** Throws unless it is a PNG whose rows are all there. */
function sizeOf(file: Buffer): { width: number; height: number } {
  expect(file.subarray(1, 4).toString()).toBe('PNG')
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)]
  const data = file.indexOf('IDAT')
  const rows = inflateSync(file.subarray(data + 4, data + 4 + file.readUInt32BE(data - 4)))
  expect(rows.length).toBe((width + 1) * height)
  return { width, height }
}
