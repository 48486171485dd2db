/** The port: /healthz says that the process lives, /readyz that it can work, /metrics how it is doing. */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, isIP } from 'node:net'
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
/** of whoever is slow, or many: nothing that is asked here is long */
const LIMITS = { headersTimeout: 10_000, requestTimeout: 10_000, connectionsCheckingInterval: 5_000 }
const MOST_CONNECTIONS = 200

/** Opens the port. Throws a UserError that names METALGAP_PORT when it is taken. */
export async function openHealth(parts: HealthParts): Promise<Health> {
  const asked: Asked = {
    readiness: shared(() => readinessOf(parts.checks)),
    metrics: shared(parts.metrics),
  }
  const server = createServer(LIMITS, (request, response) => {
    const { method = '', url = '', headers } = request
    if (isForeign(headers.host, parts.host)) return send(response, 421, { error: FOREIGN })
    answer(method, url, asked, response).catch(() => response.destroy())
  })
  server.maxConnections = MOST_CONNECTIONS
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

const FOREIGN = 'on loopback only requests to an address or to localhost are answered'
const LOOPBACK = /^(127\.|::1$|localhost$)/

/** A page in a browser on this machine, whose own name has become 127.0.0.1, asks for that name. */
function isForeign(asked: string | undefined, bound: string): boolean {
  const name = URL.parse(`http://${asked ?? 'localhost'}`)?.hostname.replace(/^\[|\]$/g, '') ?? ''
  return LOOPBACK.test(bound) && name !== 'localhost' && isIP(name) === 0
}

interface Asked {
  readiness(): Promise<Readiness>
  metrics(): Promise<string>
}

/** Those who ask at the same time get the same answer: however many they are, the database is asked once. */
function shared<T>(run: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null
  return () => {
    running ??= run().finally(() => {
      running = null
    })
    return running
  }
}

async function answer(method: string, url: string, asked: Asked, response: ServerResponse): Promise<void> {
  const path = url.split('?')[0]
  if (method !== 'GET' && method !== 'HEAD') send(response, 405, { error: 'only GET is answered' })
  else if (path === '/healthz') send(response, 200, { alive: true })
  else if (path === '/readyz') await sendReadiness(asked.readiness, response)
  else if (path === '/metrics') await sendMetrics(asked.metrics, response)
  else send(response, 404, { error: `nothing at ${path}; see /healthz, /readyz, /metrics` })
}

interface Readiness {
  ready: boolean
  parts: Record<string, { ok: boolean; reason?: string }>
}

async function readinessOf(checks: Record<string, Check>): Promise<Readiness> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([part, check]) => [part, await standingOf(check)] as const),
  )
  return { ready: results.every(([, { ok }]) => ok), parts: Object.fromEntries(results) }
}

async function sendReadiness(readiness: Asked['readiness'], response: ServerResponse): Promise<void> {
  const { ready, parts } = await readiness()
  send(response, ready ? 200 : 503, { ready, ...parts })
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
