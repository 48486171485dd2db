import { afterEach, describe, expect, test } from 'vitest'
import { type Receiver, signatureProblem, startReceiver } from '../../src/simulator/receiver.ts'

// published with the Standard Webhooks specification
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const headers = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': '1614265330',
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}
const body = '{"test": 2432232314}'
const then = new Date(1_614_265_330_000)

describe('a signature', () => {
  test('as published is genuine, also among others', () => {
    expect(signatureProblem(headers, Buffer.from(body), secret, then)).toBeNull()
    const rotated = { ...headers, 'webhook-signature': `v1a,zzz v1,AAAA ${headers['webhook-signature']}` }
    expect(signatureProblem(rotated, Buffer.from(body), secret, then)).toBeNull()
  })

  test('of another body, another id or another secret is not', () => {
    const wrong = 'the signature does not match'
    expect(signatureProblem(headers, Buffer.from('{"test":2432232314}'), secret, then)).toBe(wrong)
    expect(signatureProblem({ ...headers, 'webhook-id': 'msg_2' }, Buffer.from(body), secret, then)).toBe(
      wrong,
    )
    expect(signatureProblem(headers, Buffer.from(body), 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX', then)).toBe(
      wrong,
    )
  })

  test('expires after five minutes', () => {
    const late = new Date(then.getTime() + 301_000)
    expect(signatureProblem(headers, Buffer.from(body), secret, late)).toBe(
      'the timestamp is too far from now',
    )
    expect(
      signatureProblem({ ...headers, 'webhook-timestamp': 'x' }, Buffer.from(body), secret, then),
    ).toMatch('too far')
  })

  test('that is missing is told as such', () => {
    expect(signatureProblem({}, Buffer.from(body), secret, then)).toBe('a webhook header is missing')
  })
})

describe('the receiver', () => {
  let receiver: Receiver
  afterEach(() => receiver.close())
  const post = (sent: string) => fetch(receiver.url, { method: 'POST', headers, body: sent })

  test('accepts what is genuine and recognises a repeat by its id', async () => {
    receiver = await startReceiver({ secret, now: () => then })
    expect((await post(body)).status).toBe(204)
    expect((await post(body)).status).toBe(204)
    expect(receiver.heard.map(({ repeated }) => repeated)).toEqual([false, true])
  })

  test('refuses a forgery with 401', async () => {
    receiver = await startReceiver({ secret, now: () => then })
    expect((await post('{}')).status).toBe(401)
    expect(receiver.heard[0]?.problem).toBe('the signature does not match')
  })

  test('fails as often as it is told to', async () => {
    receiver = await startReceiver({ secret, now: () => then })
    receiver.answerWith(503, 410)
    const statuses = [(await post(body)).status, (await post(body)).status, (await post(body)).status]
    expect(statuses).toEqual([503, 410, 204])
  })
})
