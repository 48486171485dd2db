/** E-mail against a real SMTP server on loopback. */
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { describe, expect, test } from 'vitest'
import email from '../../src/channels/email.ts'
import { certificate, hasOpenssl } from '../certificate.ts'
import { ATTEMPT, breach, HOSTILE, poisoned } from './samples.ts'

const WAY = { allow_private: ['127.0.0.0/8'], deadline_ms: 10_000, life: new AbortController().signal }

interface Mails extends AsyncDisposable {
  port: number
  received: string[]
}

async function startServer(options: SMTPServerOptions = {}): Promise<Mails> {
  const received: string[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    closeTimeout: 10,
    onAuth: ({ password }, _session, done) =>
      password === 'right' ? done(null, { user: 'x' }) : done(new Error('no')),
    async onData(stream, _session, done) {
      const chunks = await stream.toArray()
      received.push(Buffer.concat(chunks).toString())
      done()
    },
    ...options,
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.server.address() as { port: number }).port,
    received,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

type Settings = Omit<typeof email.example, 'tls'> & { tls: 'starttls' | 'implicit' | 'none' }

function send(port: number, changed: Partial<Settings> = {}, message = breach(), way = WAY) {
  const { user: _user, password: _password, ...rest } = email.example
  const settings = { ...rest, host: '127.0.0.1', port, tls: 'none' as const, locale: 'en', ...changed }
  return email.deliver(email.render(message, settings), ATTEMPT, settings, way)
}

test('a mail has the headline as subject, the facts as text and as HTML, and the id of its delivery', async () => {
  await using server = await startServer()
  expect(await send(server.port, {}, breach('breach.raised', { severity: 'critical' }))).toMatchObject({
    verdict: { is: 'delivered' },
    status: 250,
  })
  const mail = server.received[0]?.replaceAll('=\r\n', '') ?? ''
  expect(mail).toMatch(/^Subject: CRITICAL silver: Shanghai 8.00 USD\/oz/m)
  expect(mail).toContain(`Message-ID: <${ATTEMPT.webhook_id}@example.com>`)
  expect(mail).toContain('References: <breach.00000000-0000-4000-8000-000000000000@example.com>')
  expect(mail).toMatch(/^X-Priority: 1/m)
  expect(mail).toMatch(/text\/plain[\s\S]+How much: 8.00 USD\/oz[\s\S]+text\/html[\s\S]+<strong>/)
})

test.for(Object.entries(HOSTILE))('hostile text adds no header and no markup: %s', async ([, poison]) => {
  await using server = await startServer()
  const evil = `${poison}\r\nBcc: all@example.com <script>`
  expect((await send(server.port, {}, poisoned(breach(), evil))).verdict.is).toBe('delivered')
  const mail = server.received[0] ?? ''
  const [head = ''] = mail.split('\r\n\r\n')
  expect(head).not.toMatch(/^Bcc:/im)
  expect(mail.slice(mail.indexOf('text/html'))).not.toMatch(/<script|<!channel/)
})

test.for([
  [550, 'dead', false],
  [552, 'dead', false],
  [450, 'retry', false],
] as const)('a recipient refused with %i is %s', async ([code, is]) => {
  const refusal = Object.assign(new Error('no such person'), { responseCode: code })
  await using server = await startServer({ onRcptTo: (_to, _session, done) => done(refusal) })
  const sent = await send(server.port)
  expect(sent).toMatchObject({
    verdict: { is, why: expect.stringContaining('no such person') },
    status: code,
  })
  expect(sent.ambiguous).toBe(false)
})

test('a mail that the server refuses once it has it is dead', async () => {
  const refusal = Object.assign(new Error('spam'), { responseCode: 554 })
  const onData: SMTPServerOptions['onData'] = (stream, _session, done) => {
    stream.resume().on('end', () => done(refusal))
  }
  await using server = await startServer({ onData })
  expect(await send(server.port)).toMatchObject({ verdict: { is: 'dead' }, status: 554, ambiguous: false })
})

test('a login that is refused is tried again, and an operator hears of it', async () => {
  await using server = await startServer()
  const { verdict } = await send(server.port, { user: 'me', password: 'wrong-password' })
  expect(verdict).toMatchObject({ is: 'retry', tell_operators: true })
  expect(JSON.stringify(verdict)).not.toContain('wrong-password')
  expect((await send(server.port, { user: 'me', password: 'right' })).verdict.is).toBe('delivered')
})

test('a connection that breaks after the mail was sent may have delivered it', async () => {
  const life = new AbortController()
  const onData: SMTPServerOptions['onData'] = (stream) => void stream.resume().on('end', () => life.abort())
  await using server = await startServer({ onData })
  const sent = await send(server.port, {}, breach(), { ...WAY, life: life.signal })
  expect(sent).toMatchObject({ verdict: { is: 'retry' }, status: null, ambiguous: true })
})

test('a server that says nothing ends with the deadline, and nothing was sent', async () => {
  await using server = await startServer({ onConnect: () => {} })
  const sent = await send(server.port, {}, breach(), { ...WAY, deadline_ms: 200 })
  expect(sent).toMatchObject({ verdict: { is: 'retry', why: 'out of time' }, ambiguous: false })
})

describe('TLS', () => {
  test('is required: a server that has none gets neither password nor mail', async () => {
    await using server = await startServer()
    const { verdict } = await send(server.port, { tls: 'starttls', user: 'me', password: 'right' })
    expect(verdict).toMatchObject({ is: 'retry', tell_operators: true })
    expect(server.received).toEqual([])
  })

  test.skipIf(!hasOpenssl())('refuses a certificate that nobody vouches for', async () => {
    await using server = await startServer({ disabledCommands: [], ...certificate() })
    const { verdict } = await send(server.port, { tls: 'starttls', host: 'localhost' })
    expect(verdict).toMatchObject({ is: 'retry', tell_operators: true })
    expect(server.received).toEqual([])
  })

  test.skipIf(!hasOpenssl()).for(['starttls', 'implicit'] as const)('works with %s', async (tls) => {
    const { key, cert } = certificate()
    setDefaultCACertificates([...getCACertificates('default'), cert])
    await using server = await startServer({ disabledCommands: [], key, cert, secure: tls === 'implicit' })
    expect((await send(server.port, { tls, host: 'localhost' })).verdict.is).toBe('delivered')
    expect(server.received.length).toBe(1)
  })

  test('can be left out only towards allow_private', async () => {
    await using server = await startServer()
    const nowhere = { ...WAY, allow_private: [] }
    await expect(send(server.port, {}, breach(), nowhere)).rejects.toMatchObject({ kind: 'refused_address' })
    await expect(send(server.port, { host: 'localhost' }, breach(), nowhere)).rejects.toMatchObject({
      kind: 'refused_address',
    })
  })
})
