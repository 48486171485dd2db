import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { secretProblem, sign } from '../../src/signature.ts'

const FIRST = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const BYTES_32 = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='
const BYTES_64 =
  'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw=='

const VECTORS = [
  [
    'published in the specification',
    [FIRST],
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    1614265330,
    '{"test": 2432232314}',
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  ],
  [
    'published by Svix',
    ['whsec_plJ3nmyCDGBKInavdOK15jsl'],
    'msg_loFOjxBNrRLzqYUf',
    1731705121,
    '{"event_type":"ping","data":{"success":true}}',
    'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=',
  ],
  [
    'a secret without prefix',
    [FIRST.slice(6)],
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    1614265330,
    '{"test": 2432232314}',
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  ],
  [
    'a key of 32 bytes',
    [BYTES_32],
    'evt_01J9ZC3Q3V7M3Q5T9K2W4X6Y8Z',
    1764000000,
    '{"type":"premium.raised","data":{"pct":"4.25"}}',
    'v1,mbE9NtLCa4UNjjX/fqVUZsiTtbWMraLIR+kL+mD8QX4=',
  ],
  [
    'a key of 64 bytes',
    [BYTES_64],
    'evt_01J9ZC3Q3V7M3Q5T9K2W4X6Y8Z',
    1764000000,
    '{"type":"premium.raised","data":{"pct":"4.25"}}',
    'v1,Gby0HCIlLMWiQi+KC9D4NBQZQi8bBX3Gjkp1oOcZ5tk=',
  ],
  [
    'a body beyond ASCII',
    [FIRST],
    'evt_u8',
    1764000000,
    '{"venue":"上海黄金交易所","emoji":"🥈"}',
    'v1,Yn4eWgquVEh//6o0sn963MLd8dymeg5nzUJoho87jhs=',
  ],
  [
    'dots and a newline in the body',
    [FIRST],
    'evt_dot',
    1764000000,
    'a.b.c\n',
    'v1,+h2W/PCmdp903lby2VAviEKlbKh0PWRREP1GweA1wyc=',
  ],
  ['an empty body', [FIRST], 'evt_empty', 1764000000, '', 'v1,TWtAqKHK+u3abQlwtuAGZgVc6t/+YZbByvm7PfqlOr4='],
  [
    'two secrets, newest first',
    [BYTES_32, FIRST],
    'evt_rot',
    1764000000,
    '{}',
    'v1,FyXkqt3NtlmEUpCKqkCtayLdyqTS76X9GFDs0o/Gidk= v1,hkSMPiZAHsDLVLybmGmi1kd8vHRL15hTi2rxrfUdI0M=',
  ],
] as const

test.for(VECTORS)('a signature is what others compute: %s', ([, secrets, id, seconds, body, signature]) => {
  expect(sign(secrets, id, seconds, body)).toBe(signature)
})

test('the independent library accepts a signature made with either of two secrets', () => {
  const now = new Date()
  const seconds = Math.floor(now.getTime() / 1000)
  const body = '{"metal":"银"}'
  const headers = {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(seconds),
    'webhook-signature': sign([BYTES_32, FIRST], 'evt_1', seconds, body),
  }
  for (const secret of [BYTES_32, FIRST])
    expect(new Webhook(secret).verify(body, headers)).toEqual({ metal: '银' })
  expect(() => new Webhook(BYTES_64).verify(body, headers)).toThrow()
})

describe('a secret that will not do', () => {
  test.for([
    ['not base64', 'whsec_this is no base64!', 'base64'],
    ['too short', `whsec_${Buffer.alloc(23, 7).toString('base64')}`, 'holds 23'],
    ['too long', `whsec_${Buffer.alloc(65, 7).toString('base64')}`, 'holds 65'],
    ['empty', '', 'holds 0'],
  ] as const)('is explained and not printed: %s', ([, secret, reason]) => {
    const problem = secretProblem(secret)
    expect(problem).toContain(reason)
    if (secret) expect(problem).not.toContain(secret.slice(6))
  })

  test('leaves 24 and 64 bytes alone', () => {
    expect(secretProblem(FIRST)).toBeNull()
    expect(secretProblem(BYTES_64)).toBeNull()
  })
})
