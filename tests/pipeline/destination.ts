/** A destination on loopback that answers as it is told and keeps every request. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

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

/** `hang`: takes the request and never answers; `reset`: takes it and drops the connection. */
export type Reaction = Scripted | 'hang' | 'reset'

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
  const script: Reaction[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    received.push({
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    })
    const reaction = script.shift() ?? { status: 200, body: 'ok' }
    if (reaction === 'hang') open.push(response)
    else if (reaction === 'reset') request.socket.destroy()
    else response.writeHead(reaction.status, reaction.headers).end(reaction.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    open,
    react: (...reactions) => {
      script.push(...reactions)
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
