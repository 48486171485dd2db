import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { NEWS } from './configuration.ts'

export interface Arrival {
  /** epoch ms with a fraction: when its last byte was there */
  at: number
  path: string
  body: string
}

export interface Receiver extends AsyncDisposable {
  url: string
  arrivals: readonly Arrival[]
  /** the next POST from now on; throws when there is none for ten seconds */
  next(): Promise<Arrival>
}

const PATIENCE_MS = 10_000

/** Answers 204 to every POST and remembers when it came, unless it is only news for operators. */
export async function openReceiver(): Promise<Receiver> {
  const arrivals: Arrival[] = []
  const waiting: ((arrival: Arrival) => void)[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const at = performance.timeOrigin + performance.now()
      response.writeHead(204).end()
      if (request.url?.endsWith(NEWS)) return
      const arrival = { at, path: request.url ?? '', body: Buffer.concat(chunks).toString() }
      arrivals.push(arrival)
      for (const resolve of waiting.splice(0)) resolve(arrival)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivals,
    next() {
      const { promise, resolve, reject } = Promise.withResolvers<Arrival>()
      const timer = setTimeout(() => reject(new Error('no webhook within ten seconds')), PATIENCE_MS)
      waiting.push(resolve)
      return promise.finally(() => clearTimeout(timer))
    },
    async [Symbol.asyncDispose]() {
      server.close().closeAllConnections()
      await once(server, 'close')
    },
  }
}
