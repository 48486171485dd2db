/** A receiver that misbehaves in every way that receivers do, and keeps books of what it took. */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SECRET } from '../lib/configuration.ts'
import type { Chance } from './random.ts'

export interface Entry {
  id: string
  type: string
  rule: string
  breach_id: string
  sequence: number
  began_at: string
  body: string
  /** it was told that it may be a repeat */
  marked: boolean
}

export interface Receiver extends AsyncDisposable {
  url: string
  /** what it took, in order, repeats included */
  books: readonly Entry[]
  /** how it answered, by the name of the behaviour */
  answers: ReadonlyMap<string, number>
  forged: number
  /** from now on it says yes at once */
  heal(): void
}

interface Behaviour {
  name: string
  share: number
  /** the message is in the books although we may not hear of it */
  takes: boolean
  answer(response: ServerResponse): void
}

const slowly = (response: ServerResponse) => {
  response.writeHead(200).write('o')
  setTimeout(() => response.end('k'), 700)
}

const BEHAVIOURS: readonly Behaviour[] = [
  { name: '500', share: 0.06, takes: false, answer: (r) => r.writeHead(500).end('no') },
  { name: '503', share: 0.03, takes: false, answer: (r) => r.writeHead(503).end() },
  { name: '429', share: 0.02, takes: false, answer: (r) => r.writeHead(429, { 'retry-after': '1' }).end() },
  { name: 'reset', share: 0.04, takes: false, answer: (r) => r.destroy() },
  { name: 'reset after it accepted', share: 0.05, takes: true, answer: (r) => r.destroy() },
  { name: '504 after it accepted', share: 0.03, takes: true, answer: (r) => r.writeHead(504).end() },
  { name: 'slow body', share: 0.04, takes: true, answer: slowly },
  { name: 'timeout after it accepted', share: 0.004, takes: true, answer: () => {} },
]
const YES: Behaviour = { name: '204', share: 1, takes: true, answer: (r) => r.writeHead(204).end() }

export async function openReceiver(chance: Chance): Promise<Receiver> {
  const books: Entry[] = []
  const answers = new Map<string, number>()
  let well = false
  const behave = (): Behaviour => {
    let left = well ? 1 : chance.next()
    for (const one of BEHAVIOURS) {
      left -= one.share
      if (left < 0) return one
    }
    return YES
  }
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray().catch(() => []))
    if (!request.complete) return
    if (!isGenuine(request, body)) {
      receiver.forged++
      return void response.writeHead(401).end()
    }
    const behaviour = behave()
    answers.set(behaviour.name, (answers.get(behaviour.name) ?? 0) + 1)
    if (behaviour.takes) books.push(entryOf(request, body.toString()))
    behaviour.answer(response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    ...{ books, answers, forged: 0 },
    heal: () => {
      well = true
    },
    async [Symbol.asyncDispose]() {
      server.close().closeAllConnections()
      await once(server, 'close')
    },
  }
  return receiver
}

/** The time is not checked: the senders' clock runs ahead. */
function isGenuine({ headers }: IncomingMessage, body: Buffer): boolean {
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64')
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.`
  return (
    headers['webhook-signature'] ===
    `v1,${createHmac('sha256', key).update(signed).update(body).digest('base64')}`
  )
}

function entryOf({ headers }: IncomingMessage, body: string): Entry {
  const { type, data } = JSON.parse(body)
  const { rule = '', breach_id = '', sequence = 0, began_at = '' } = data
  const marked = headers['metalgap-maybe-repeated'] === 'true'
  return { id: String(headers['webhook-id']), type, rule, breach_id, sequence, began_at, body, marked }
}
