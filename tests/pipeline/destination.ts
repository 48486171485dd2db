/**
 * A destination on loopback that answers as it is told and keeps every request. It verifies every webhook with a library of
 * somebody else's, and the test fails at its end where one was not signed as it should be.
 */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { listenOnLoopback } from '../../src/simulator/loopback.ts'
import { SECRET } from './desk.ts'

export interface Received {
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface Scripted {
  status: number
  headers?: Record<string, string>
  body?: string
}

/** `hang`: takes the request and never answers; `reset`: takes it and drops the connection; or the test's own answer. */
export type Reaction = Scripted | 'hang' | 'reset' | ((response: ServerResponse) => void)

export interface Destination extends AsyncDisposable {
  url: string
  received: Received[]
  /** requests that wait for an answer */
  open: ServerResponse[]
  /** the next answers; afterwards 200 ok */
  react(...reactions: Reaction[]): void
}

export async function startDestination(): Promise<Destination> {
  const received: Received[] = []
  const open: ServerResponse[] = []
  const forged: string[] = []
  const script: Reaction[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { url: path = '', headers } = request
    const one = { path, headers, body: Buffer.concat(chunks).toString() }
    received.push(one)
    if (headers['webhook-id'] !== undefined && !isSigned(one)) forged.push(String(headers['webhook-id']))
    const reaction = script.shift() ?? { status: 200, body: 'ok' }
    if (reaction === 'hang') open.push(response)
    else if (reaction === 'reset') request.socket.destroy()
    else if (typeof reaction === 'function') reaction(response)
    else response.writeHead(reaction.status, reaction.headers).end(reaction.body)
  })
  const { url, close } = await listenOnLoopback(server)
  return {
    url: `${url}/hook`,
    received,
    open,
    react: (...reactions) => {
      script.push(...reactions)
    },
    async [Symbol.asyncDispose]() {
      await close()
      if (forged.length > 0) throw new Error(`webhooks with a wrong signature: ${forged.join(', ')}`)
    },
  }
}

/** The time is the test's, so the library signs anew instead of judging how old the request is. */
function isSigned({ headers, body }: Received): boolean {
  const at = new Date(Number(headers['webhook-timestamp']) * 1000)
  const signature = new Webhook(SECRET).sign(String(headers['webhook-id']), at, body)
  return String(headers['webhook-signature']).split(' ').includes(signature)
}
