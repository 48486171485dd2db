/**
 * A destination for webhooks as a customer would write it: checks Standard Webhooks signatures with node:crypto alone,
 * so that it would notice if the product signed wrongly, and recognises repeats by their id.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { listenOnLoopback } from './loopback.ts'

const TOLERANCE_S = 300

export interface Heard {
  id: string
  /** null: genuine; otherwise why it was refused */
  problem: string | null
  /** this id was heard before */
  repeated: boolean
  body: string
}

export interface Receiver {
  url: string
  heard: readonly Heard[]
  /** the next answers, in place of 204 */
  answerWith(...statuses: number[]): void
  close(): Promise<void>
}

/** Answers 204, or 401 where the signature is not genuine; `hear` is told of every request. */
export async function startReceiver(options: {
  secret: string
  now: () => Date
  hear?: (heard: Heard) => void
}): Promise<Receiver> {
  const heard: Heard[] = []
  const statuses: number[] = []
  const server = createServer(async (request, response) => {
    const body = await request.reduce(
      (all: Buffer, part: Buffer) => Buffer.concat([all, part]),
      Buffer.alloc(0),
    )
    const id = String(request.headers['webhook-id'] ?? '')
    const problem = signatureProblem(request.headers, body, options.secret, options.now())
    const repeated = heard.some((earlier) => earlier.id === id && earlier.problem === null)
    const news = { id, problem, repeated, body: body.toString() }
    heard.push(news)
    response.writeHead(statuses.shift() ?? (problem ? 401 : 204)).end()
    options.hear?.(news)
  })
  const { url, close } = await listenOnLoopback(server)
  return {
    url: `${url}/webhook`,
    heard,
    answerWith: (...next) => {
      statuses.push(...next)
    },
    close,
  }
}

/** Null for a genuine request that is not older or newer than five minutes. */
export function signatureProblem(
  headers: IncomingHttpHeaders,
  body: Buffer,
  secret: string,
  now: Date,
): string | null {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string')
    return 'a webhook header is missing'
  if (!(Math.abs(now.getTime() / 1000 - Number(timestamp)) <= TOLERANCE_S))
    return 'the timestamp is too far from now'
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest()
  const genuine = signatures.split(' ').some((signature) => {
    const [version, digest = ''] = signature.split(',')
    const given = Buffer.from(digest, 'base64')
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected)
  })
  return genuine ? null : 'the signature does not match'
}
