import { describe, expect, test } from 'vitest'
import { addressProblem, listOf } from '../../src/http/addresses.ts'
import { exchange } from '../../src/http.ts'
import { MUST_REFUSE } from './address-vectors.ts'

const withHttps = (url: string) => url.replace(/^http:/, 'https:')

describe('urls that must not be reached', () => {
  test.for(MUST_REFUSE)('%s is refused when it is configured', (url) => {
    expect(addressProblem(url, [])).not.toBeNull()
    expect(addressProblem(url, [], 'allowed')).not.toBeNull()
    expect(addressProblem(withHttps(url), [])).not.toBeNull()
  })

  test.for(MUST_REFUSE)('%s is refused when it is dialled', async (url) => {
    for (const dialled of [url, withHttps(url)]) {
      const wanted = { method: 'GET', url: dialled, headers: {}, deadline_ms: 2_000, max_bytes: 9 } as const
      await expect(exchange({ ...wanted, allow_private: [], plain_http: 'allowed' })).rejects.toMatchObject({
        name: 'HttpError',
        kind: 'refused_address',
        ambiguous: false,
      })
    }
  })

  test('a name of this machine stays refused while other private networks are open', () => {
    expect(addressProblem('http://metadata.google.internal/', ['127.0.0.0/8'])).toMatch(/private or reserved/)
    expect(addressProblem('http://localhost/', ['10.0.0.0/8'])).toMatch(/private or reserved/)
  })
})

describe('urls that may be configured', () => {
  test('public https is fine', () => {
    expect(addressProblem('https://hooks.example.com/metals', [])).toBeNull()
    expect(addressProblem('https://8.8.8.8/', [])).toBeNull()
    expect(addressProblem('https://[2606:4700::1]/', [])).toBeNull()
  })

  test('allow_private opens exactly what it names, and plain http there', () => {
    expect(addressProblem('http://127.0.0.1:9000/x', ['127.0.0.0/8'])).toBeNull()
    expect(addressProblem('http://localhost:9000/x', ['127.0.0.0/8'])).toBeNull()
    expect(addressProblem('http://[::ffff:127.0.0.1]/', ['127.0.0.0/8'])).toBeNull()
    expect(addressProblem('http://127.0.0.2/', ['127.0.0.1'])).not.toBeNull()
    expect(addressProblem('http://[::1]/', ['127.0.0.0/8'])).not.toBeNull()
    expect(addressProblem('https://10.1.2.3/', ['10.1.2.0/24'])).toBeNull()
    expect(addressProblem('https://10.1.3.3/', ['10.1.2.0/24'])).not.toBeNull()
  })

  test('plain http to the public wants https, unless the source has nothing better', () => {
    expect(addressProblem('http://8.8.8.8/', [])).toMatch(/must be https/)
    expect(addressProblem('http://hooks.example.com/', [])).toMatch(/must be https/)
    expect(addressProblem('http://8.8.8.8/', ['127.0.0.0/8'])).toMatch(/must be https/)
    expect(addressProblem('http://www.example.com/', [], 'allowed')).toBeNull()
  })

  test('a name that may turn out to be private is judged when it is dialled', () => {
    expect(addressProblem('http://receiver:8080/', ['172.16.0.0/12'])).toBeNull()
  })

  test('credentials and nonsense are refused without being repeated', () => {
    const problem = addressProblem('https://user:s3cret@hooks.example.com/token', [])
    expect(problem).toMatch(/^hooks\.example\.com: credentials/)
    expect(problem).not.toMatch(/s3cret|token/)
    expect(addressProblem('hooks.example.com/token', [])).toBe('not a url; expected https://host/path')
  })

  test('a network that is none is named', () => {
    expect(() => listOf(['10.0.0.0/99x'])).toThrow('"10.0.0.0/99x" is not a network')
    expect(() => listOf(['intranet'])).toThrow('"intranet" is not a network')
    expect(() => listOf(['10.0.0.0/40'])).toThrow('"10.0.0.0/40" is not a network')
  })
})
