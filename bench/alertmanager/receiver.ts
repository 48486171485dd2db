import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { NEWS } from '../lib/configuration.ts'

export interface Heard {
  at: number
  path: string
  method: string
  body: string
  id: string
  /** it says that an earlier one may have arrived */
  repeated: boolean
}

export interface Receiver extends AsyncDisposable {
  url: string
  heard: Heard[]
  /** the next answers; afterwards 200 ok */
  answers: { status: number; headers?: Record<string, string> }[]
}

export async function openReceiver(): Promise<Receiver> {
  const heard: Heard[] = []
  const answers: Receiver['answers'] = []
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const { url: path = '', method = '', headers } = request
    const id = String(headers['webhook-id'] ?? '')
    const news = path.endsWith(NEWS)
    const repeated = headers['metalgap-maybe-repeated'] === 'true'
    if (!news) heard.push({ at: Date.now(), path, method, body, id, repeated })
    const { status, headers: told } = (news ? undefined : answers.shift()) ?? { status: 200 }
    response.writeHead(status, told).end('ok')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    answers,
    async [Symbol.asyncDispose]() {
      server.close().closeAllConnections()
      await once(server, 'close')
    },
  }
}
