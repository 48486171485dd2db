/** The port knows no passwords: who may ask it, and how much asking costs. */
import { request } from 'node:http'
import { expect, test } from 'vitest'
import { openHealth } from '../../workers/health.ts'

const open = (more: Partial<Parameters<typeof openHealth>[0]> = {}) =>
  openHealth({ host: '127.0.0.1', port: 0, checks: {}, metrics: async () => 'up 1\n', ...more })

function ask(port: number, host: string, path = '/healthz', method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, path, method, headers: { host } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    asking.once('error', reject).end()
  })
}

test('on loopback a name that somebody else has pointed there is not answered', async () => {
  await using health = await open()
  for (const host of ['evil.example.com', 'evil.example.com:80', 'localhost.evil.example.com', '@'])
    expect([host, await ask(health.port, host)]).toEqual([host, 421])
  for (const host of ['127.0.0.1', `localhost:${health.port}`, '[::1]:1', '10.0.0.7'])
    expect([host, await ask(health.port, host)]).toEqual([host, 200])
})

test('on an address of the network every name is answered: a monitoring knows it by its own', async () => {
  await using health = await open({ host: '0.0.0.0' })
  expect(await ask(health.port, 'worker:8640')).toBe(200)
})

test('of many that ask at once the parts are asked once', async () => {
  let asked = 0
  let measured = 0
  const go = Promise.withResolvers<void>()
  const check = async () => {
    asked++
    await go.promise
  }
  const metrics = async () => {
    measured++
    await go.promise
    return 'up 1\n'
  }
  await using health = await open({ checks: { database: check }, metrics })
  const paths = ['/readyz', '/metrics'].flatMap((path) => Array<string>(20).fill(path))
  const answers = paths.map((path) => fetch(`http://127.0.0.1:${health.port}${path}`))
  await expect.poll(() => [asked, measured]).toEqual([1, 1])
  // one that comes in over another connection is behind those before it
  await fetch(`http://127.0.0.1:${health.port}/healthz`)
  go.resolve()
  expect((await Promise.all(answers)).every(({ status }) => status === 200)).toBe(true)
  expect([asked, measured].every((times) => times <= 2)).toBe(true)
})

test('nothing is told but what is asked for, and only to who reads', async () => {
  await using health = await open({ metrics: () => Promise.reject(new Error('away')) })
  expect(await ask(health.port, 'localhost', '/healthz', 'POST')).toBe(405)
  expect(await ask(health.port, 'localhost', '/../etc/passwd')).toBe(404)
  const failed = await fetch(`http://127.0.0.1:${health.port}/metrics`)
  expect([failed.status, await failed.json()]).toEqual([503, { error: 'away' }])
})
