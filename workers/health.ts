/** The port: /healthz says that the process lives, /readyz that it can work, /metrics how it is doing. */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UserError } from '../src/errors.ts'

/** Resolves when the part works, with a text where something about it is worth a look; throws what is wrong with it. */
export type Check = () => Promise<unknown>

export interface HealthParts {
  host: string
  /** 0 is any free one */
  port: number
  /** by the name of the part: database, queue, schedule */
  checks: Record<string, Check>
  /** Prometheus text */
  metrics(): Promise<string>
}

export interface Health extends AsyncDisposable {
  port: number
}

const CHECK_DEADLINE_MS = 3_000

/** Opens the port. Throws a UserError that names METALGAP_PORT when it is taken. */
export async function openHealth(parts: HealthParts): Promise<Health> {
  const server = createServer((request, response) => {
    answer(request.method ?? '', request.url ?? '', parts, response).catch(() => response.destroy())
  })
  server.listen(parts.port, parts.host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw portError(error as NodeJS.ErrnoException, parts)
  }
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function portError(error: NodeJS.ErrnoException, { host, port }: HealthParts): UserError {
  const why = error.code === 'EADDRINUSE' ? 'it is in use' : error.message
  const advice =
    'Choose another port with METALGAP_PORT (0: any free one, off: none) or address with METALGAP_HOST'
  return new UserError(`METALGAP_PORT ${port} on ${host} cannot be opened: ${why}. ${advice}.`, 1, {
    cause: error,
  })
}

async function answer(
  method: string,
  url: string,
  parts: HealthParts,
  response: ServerResponse,
): Promise<void> {
  const path = url.split('?')[0]
  if (method !== 'GET' && method !== 'HEAD') send(response, 405, { error: 'only GET is answered' })
  else if (path === '/healthz') send(response, 200, { alive: true })
  else if (path === '/readyz') await sendReadiness(parts.checks, response)
  else if (path === '/metrics') await sendMetrics(parts.metrics, response)
  else send(response, 404, { error: `nothing at ${path}; see /healthz, /readyz, /metrics` })
}

async function sendReadiness(checks: Record<string, Check>, response: ServerResponse): Promise<void> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([part, check]) => [part, await standingOf(check)] as const),
  )
  const ready = results.every(([, { ok }]) => ok)
  send(response, ready ? 200 : 503, { ready, ...Object.fromEntries(results) })
}

async function standingOf(check: Check): Promise<{ ok: boolean; reason?: string }> {
  const { promise, reject } = Promise.withResolvers<never>()
  const late = () => reject(new Error(`no answer within ${CHECK_DEADLINE_MS / 1000} s`))
  const timer = setTimeout(late, CHECK_DEADLINE_MS)
  try {
    const remark = await Promise.race([check(), promise])
    return { ok: true, ...(typeof remark === 'string' && { reason: remark }) }
  } catch (error) {
    return { ok: false, reason: (error as Error).message || String(error) }
  } finally {
    clearTimeout(timer)
  }
}

function send(response: ServerResponse, status: number, body: Record<string, unknown>): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(`${JSON.stringify(body)}\n`)
}

async function sendMetrics(metrics: () => Promise<string>, response: ServerResponse): Promise<void> {
  try {
    const text = await metrics()
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
    response.end(text)
  } catch (error) {
    send(response, 503, { error: (error as Error).message })
  }
}
