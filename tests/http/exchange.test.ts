import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import nock from 'nock'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { openHttp, type Resolve, type Wanted } from '../../src/http.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function listen(server: Server): Promise<string> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  closers.push(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  closers.push(() => server.closeAllConnections())
  return listen(server)
}

/** A server that says exactly these bytes, whatever it is asked, and then holds the line. */
function say(text: string, then: 'hold' | 'reset' = 'hold'): Promise<string> {
  const server = createTcpServer((socket) => {
    closers.push(() => socket.destroy())
    socket.on('error', () => {})
    socket.once('data', () => socket.write(text, () => then === 'reset' && socket.resetAndDestroy()))
  })
  return listen(server)
}

/** The deadline passes when the client has come so far, however long that takes on this machine. */
async function runOutOfTime(
  stage: 'sendHeaders' | 'headers',
  start: () => Promise<unknown>,
): Promise<unknown> {
  const channel = stage === 'headers' ? 'undici:request:headers' : 'undici:client:sendHeaders'
  const reached = Promise.withResolvers<void>()
  const reach = () => reached.resolve()
  subscribe(channel, reach)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const started = start()
    await reached.promise
    vi.advanceTimersByTime(10_000)
    return await started
  } finally {
    vi.useRealTimers()
    unsubscribe(channel, reach)
  }
}

function mocked(origin: string): nock.Scope {
  if (!nock.isActive()) nock.activate()
  closers.push(() => nock.restore())
  return nock(origin)
}

function open(resolve?: Resolve) {
  const http = openHttp(resolve)
  closers.push(() => http.close())
  return http
}

const want = (url: string, more: Partial<Wanted> = {}): Wanted => ({
  method: 'GET',
  url,
  headers: {},
  deadline_ms: 10_000,
  max_bytes: 1_000,
  allow_private: ['127.0.0.1'],
  ...more,
})
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

describe('an exchange', () => {
  test('carries method, headers and body, and hands back status, headers and bytes', async () => {
    const url = await serve(async (request, response) => {
      const body = text(Buffer.concat(await request.toArray()))
      response
        .writeHead(201, { 'X-Seen': `${request.method} ${request.headers['x-tone']} ${body}` })
        .end('noted')
    })
    const reply = await open().exchange(
      want(url, { method: 'POST', headers: { 'X-Tone': 'low' }, body: 'hello' }),
    )
    expect(reply).toMatchObject({ status: 201, headers: { 'x-seen': 'POST low hello' }, truncated: false })
    expect(text(reply.bytes)).toBe('noted')
  })

  test('keeps the connection for the next one', async () => {
    const ports = new Set<number | undefined>()
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort)
      response.end('x')
    })
    const http = open()
    for (let i = 0; i < 3; i++) {
      await http.exchange(want(url))
      await nextTurn()
    }
    expect(ports.size).toBe(1)
  })

  test('works on answers that nock gives', async () => {
    mocked('https://api.example.com').get('/x?y=1').reply(503, 'later', { 'retry-after': '7' })
    const reply = await open().exchange(want('https://api.example.com/x?y=1'))
    expect([reply.status, reply.headers['retry-after'], text(reply.bytes)]).toEqual([503, '7', 'later'])
  })

  test('asks for no compression unless it is wanted, and then unpacks', async () => {
    const url = await serve((request, response) => {
      const offered = String(request.headers['accept-encoding'])
      if (offered === 'identity') return response.end(offered)
      const [encoding, packed] =
        request.url === '/br' ? ['br', brotliCompressSync(offered)] : ['gzip', gzipSync(offered)]
      return response.writeHead(200, { 'content-encoding': encoding }).end(packed)
    })
    const http = open()
    expect(text((await http.exchange(want(url))).bytes)).toBe('identity')
    expect(text((await http.exchange(want(url, { decompress: true }))).bytes)).toBe('gzip, br')
    expect(text((await http.exchange(want(`${url}/br`, { decompress: true }))).bytes)).toBe('gzip, br')
  })
})

describe('a peer that is slow, endless or gone', () => {
  test('headers that trickle for ever run out of time, and may have been acted on', async () => {
    const url = await say('HTTP/1.1 200 OK\r\nx-slow: ')
    const http = open()
    await expect(runOutOfTime('sendHeaders', () => http.exchange(want(url)))).rejects.toMatchObject({
      kind: 'timeout',
      ambiguous: true,
      ours: false,
      message: expect.stringMatching(/^127\.0\.0\.1:\d+: out of time waiting for the answer$/),
    })
  })

  test('a body that trickles keeps its status where the status is what counts', async () => {
    const url = await serve((_, response) => {
      const drip = setInterval(() => response.write('.'), 10)
      response.on('close', () => clearInterval(drip))
    })
    const http = open()
    expect(await runOutOfTime('headers', () => http.exchange(want(url)))).toMatchObject({
      status: 200,
      truncated: true,
    })
    await expect(
      runOutOfTime('headers', () => http.exchange(want(url, { whole: true }))),
    ).rejects.toMatchObject({ kind: 'timeout' })
  })

  test('an endless body is cut at the cap and the connection dropped', async () => {
    const dropped = Promise.withResolvers<void>()
    const url = await serve((_, response) => {
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(500)));
      }
      response.on('drain', pour).on('close', dropped.resolve)
      pour()
    })
    const http = open()
    const reply = await http.exchange(want(url))
    expect([reply.status, reply.bytes.length, reply.truncated]).toEqual([200, 1_000, true])
    await dropped.promise
    await expect(http.exchange(want(url, { whole: true }))).rejects.toMatchObject({ kind: 'too_large' })
  })

  test('a body of exactly the cap is whole', async () => {
    const url = await serve((_, response) => response.end('x'.repeat(1_000)))
    expect(await open().exchange(want(url, { whole: true }))).toMatchObject({ truncated: false })
  })

  test('a compression bomb is cut at the cap', async () => {
    const bomb = gzipSync(Buffer.alloc(500_000))
    const url = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    )
    const http = open()
    await expect(http.exchange(want(url, { decompress: true, whole: true }))).rejects.toMatchObject({
      kind: 'too_large',
    })
    expect((await http.exchange(want(url))).bytes).toEqual(bomb)
  })

  test('a page whose compression is damaged is no page', async () => {
    const url = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip'),
    )
    await expect(open().exchange(want(url, { decompress: true }))).rejects.toMatchObject({ kind: 'reset' })
  })

  test('a reset in the body is an error where the page must be whole, and ambiguous', async () => {
    const url = await say('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', 'reset')
    await expect(open().exchange(want(url, { whole: true }))).rejects.toMatchObject({
      kind: 'reset',
      ambiguous: true,
    })
    expect(await open().exchange(want(url))).toMatchObject({ status: 200, truncated: true })
  })

  test('a reset before the answer is ambiguous', async () => {
    const url = await say('', 'reset')
    await expect(open().exchange(want(url))).rejects.toMatchObject({ kind: 'reset', ambiguous: true })
  })

  test('a closed port is their fault and not ambiguous', async () => {
    const url = await serve(() => {})
    await closers.pop()?.()
    await expect(open().exchange(want(url))).rejects.toMatchObject({
      kind: 'connect',
      ours: false,
      ambiguous: false,
    })
  })

  test('headers without end are too large', async () => {
    const url = await say(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`)
    await expect(open().exchange(want(url))).rejects.toMatchObject({ kind: 'too_large' })
  })

  test('the end of the process ends the exchange', async () => {
    const life = new AbortController()
    const url = await serve(() => life.abort())
    await expect(open().exchange(want(url, { life: life.signal }))).rejects.toMatchObject({ kind: 'aborted' })
    await expect(open().exchange(want(url, { life: life.signal }))).rejects.toMatchObject({
      kind: 'aborted',
      ambiguous: false,
    })
  })
})

describe('names', () => {
  const answering = (...addresses: string[]): Resolve => {
    return (_host, _options, done) =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
  }
  const port = (url: string) => new URL(url).port

  test('a name that resolves to a private address is refused at connection', async () => {
    for (const address of ['10.0.0.1', '::1', '169.254.169.254', '64:ff9b::7f00:1', 'fe80::1%eth0']) {
      const failed = open(answering(address)).exchange(
        want('https://rebound.example.com/secret?x=1', { allow_private: [] }),
      )
      await expect(failed).rejects.toMatchObject({
        kind: 'refused_address',
        ambiguous: false,
        message: expect.not.stringMatching(/secret|x=1/),
      })
    }
  })

  test('only the addresses that passed are dialled', async () => {
    const url = await serve((_, response) => response.end('here'))
    const http = open(answering('10.0.0.1', '::1', '127.0.0.1'))
    expect(text((await http.exchange(want(`http://mixed.example.com:${port(url)}/`))).bytes)).toBe('here')
  })

  test('a name that is rebound between two connections is refused the second time', async () => {
    const url = await serve((_, response) => response.writeHead(200, { connection: 'close' }).end('once'))
    const answers = [answering('127.0.0.1'), answering('127.0.0.2')]
    const http = open((...question) => answers.shift()?.(...question))
    const target = want(`http://rebound.example.com:${port(url)}/`)
    expect((await http.exchange(target)).status).toBe(200)
    await expect(http.exchange(target)).rejects.toMatchObject({ kind: 'refused_address' })
  })

  test('plain http is held to allow_private by the address, not by the name', async () => {
    const http = open(answering('93.184.216.34'))
    await expect(http.exchange(want('http://public.example.com/'))).rejects.toMatchObject({
      kind: 'refused_address',
      message: expect.stringMatching(/must be https/),
    })
  })

  test('a name that cannot be resolved is our fault', async () => {
    const http = open((_host, _options, done) => {
      done(
        Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN', syscall: 'getaddrinfo' }),
        [],
      )
    })
    await expect(http.exchange(want('https://gone.example.com/token'))).rejects.toMatchObject({
      kind: 'name',
      ours: true,
      ambiguous: false,
      message: 'gone.example.com: the name cannot be resolved (EAI_AGAIN)',
    })
  })

  test('no route is our fault too', async () => {
    const unreachable = open((_host, _options, done) => {
      done(Object.assign(new Error('connect'), { code: 'ENETUNREACH' }), [])
    })
    await expect(unreachable.exchange(want('https://far.example.com/'))).rejects.toMatchObject({
      kind: 'connect',
      ours: true,
    })
  })

  test('a resolver that never answers runs out of time, and nothing is ever sent', async () => {
    let late = () => {}
    let asked = 0
    const url = await serve((_, response) => {
      asked++
      response.end()
    })
    const http = openHttp((_host, _options, done) => {
      late = () => done(null, [{ address: '127.0.0.1', family: 4 }])
    })
    const failed = http.exchange(want(`http://slow.example.com:${port(url)}/`, { deadline_ms: 100 }))
    await expect(failed).rejects.toMatchObject({ kind: 'timeout', ambiguous: false })
    late()
    await http.close()
    expect(asked).toBe(0)
  })
})

describe('redirects', () => {
  const redirect = (to: string, status = 302) =>
    serve((request, response) => {
      if (request.url === '/there') response.end(`there ${request.headers.cookie ?? ''}`)
      else response.writeHead(status, { location: to }).end()
    })
  const follow = { redirects: { most: 2, hosts: [] } }

  test('are answers unless they are asked to be followed', async () => {
    expect(await open().exchange(want(await redirect('/there')))).toMatchObject({ status: 302 })
  })

  test('are followed within the host, and keep what was sent', async () => {
    const reply = await open().exchange(
      want(await redirect('/there'), { ...follow, headers: { Cookie: 'a=b' } }),
    )
    expect(text(reply.bytes)).toBe('there a=b')
    expect(reply.url).toMatch(/\/there$/)
  })

  test('are followed to a host that is named, without anything that may be a key', async () => {
    const target = await serve((request, response) => response.end(Object.keys(request.headers).join(' ')))
    const there = target.replace('127.0.0.1', 'localhost')
    const url = await redirect(`${there}/there`)
    const headers = { Cookie: 'a=b', Authorization: 'c', 'X-Access-Token': 'd', Referer: 'e' }
    const listed = { redirects: { most: 1, hosts: [new URL(there).host] }, headers }
    const arrived = text((await open().exchange(want(url, listed))).bytes).split(' ')
    expect(arrived.sort()).toEqual(['accept-encoding', 'connection', 'host', 'referer'])
    await expect(open().exchange(want(url, follow))).rejects.toMatchObject({
      kind: 'redirect',
      message: expect.stringMatching(/a host that was not expected/),
    })
  })

  test('to another port of the host are refused: somebody else listens there', async () => {
    const other = await redirect('/')
    await expect(open().exchange(want(await redirect(`${other}/there`), follow))).rejects.toMatchObject({
      kind: 'redirect',
      message: expect.stringContaining(`a redirect to ${new URL(other).host}, a host that was not expected`),
    })
  })

  test('from http to https of the host are followed', async () => {
    mocked('http://old.example.com').get('/').reply(301, '', { location: 'https://old.example.com/new' })
    mocked('https://old.example.com').get('/new').reply(200, 'here')
    const reply = await open().exchange(want('http://old.example.com/', { ...follow, plain_http: 'allowed' }))
    expect(text(reply.bytes)).toBe('here')
  })

  test('end after as many as were allowed', async () => {
    await expect(open().exchange(want(await redirect('/again'), follow))).rejects.toMatchObject({
      kind: 'redirect',
    })
  })

  test('to a private address are refused even if the host is named', async () => {
    for (const host of ['169.254.169.254', '127.0.0.2', '[::1]']) {
      const url = await redirect(`http://${host}/latest`)
      const followed = { redirects: { most: 2, hosts: [host] }, plain_http: 'allowed' } as const
      await expect(open().exchange(want(url, followed))).rejects.toMatchObject({ kind: 'refused_address' })
    }
  })

  test('never turn a POST into a GET, and lead somewhere', async () => {
    const post = { ...follow, method: 'POST' } as const
    await expect(open().exchange(want(await redirect('/there'), post))).rejects.toMatchObject({
      kind: 'redirect',
    })
    expect(await open().exchange(want(await redirect('/there', 307), post))).toMatchObject({ status: 200 })
    await expect(open().exchange(want(await redirect('file:///etc/passwd'), follow))).rejects.toThrow(
      'answered 302: a redirect to file:, expected http or https',
    )
    await expect(open().exchange(want(await redirect('http://'), follow))).rejects.toMatchObject({
      kind: 'redirect',
    })
  })

  test('never lead from https to http', async () => {
    mocked('https://safe.example.com').get('/').reply(302, '', { location: 'http://safe.example.com/' })
    const failed = open().exchange(want('https://safe.example.com/', { ...follow, plain_http: 'allowed' }))
    await expect(failed).rejects.toMatchObject({ message: expect.stringMatching(/away from https/) })
  })
})
