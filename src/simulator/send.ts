/** Puts a reply on the wire, or fails to in the way that the fault says. */
import type { ServerResponse } from 'node:http'
import type { Reply } from './exchange.ts'
import type { Fault } from './faults.ts'

const DRIP_MS = 200

export function send(response: ServerResponse, reply: Reply, fault: Fault | null): void {
  if (fault === 'hang') return
  if (fault === 'outage') {
    response.destroy()
    return
  }
  if (fault === 'redirect') {
    response.writeHead(302, { location: 'http://elsewhere.invalid/' }).end()
    return
  }
  response.writeHead(reply.status, {
    'content-type': reply.content_type,
    'content-length': reply.body.length,
  })
  if (fault === 'slow-loris') drip(response, reply.body)
  else if (fault === 'reset') cut(response, reply.body)
  else response.end(reply.body)
}

function drip(response: ServerResponse, body: Buffer): void {
  let sent = 0
  const timer = setInterval(() => {
    response.write(body.subarray(sent, sent + 1))
    sent += 1
    if (sent >= body.length) response.end()
  }, DRIP_MS)
  response.on('close', () => clearInterval(timer))
}

function cut(response: ServerResponse, body: Buffer): void {
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy())
}
