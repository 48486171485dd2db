/** The one way out: every request to the world goes through `exchange`, with a deadline, a size cap and an address check. */
import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import type { BlockList, LookupFunction } from 'node:net'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip } from 'node:zlib'
import { Agent } from 'undici'
import { addressProblem, listOf, mayDial, type PlainHttp } from './http/addresses.ts'
import { HttpError, Listener, type Reply, type Request } from './http/reply.ts'

export { HttpError, type Reply } from './http/reply.ts'

export interface Wanted {
  method: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  body?: string | Uint8Array
  /** for everything together: name resolution, connection, redirects, the last byte of the body */
  deadline_ms: number
  /** of the body, as it comes and decompressed */
  max_bytes: number
  /** ends the exchange at once */
  life?: AbortSignal
  /** addresses and CIDRs that may be reached although they are private */
  allow_private: readonly string[]
  /** default `private-only` */
  plain_http?: PlainHttp
  /** default none: a 3xx is an answer like any other; `hosts` (with the port where it is not the usual one) beside its own */
  redirects?: { most: number; hosts: readonly string[] }
  /** offer and undo gzip and br; default: ask for identity, take what comes */
  decompress?: boolean
  /** a body that breaks off, is too slow or too big is an error; by default the status counts and the body is cut */
  whole?: boolean
}

export interface Http {
  /** Throws HttpError; its message names the host and never a path, a query, a header or a body. */
  exchange(wanted: Wanted): Promise<Reply>
  /** waits for what is under way and closes the connections that are kept alive */
  close(): Promise<void>
}

export type Resolve = (
  host: string,
  options: { all: true; family?: number; hints?: number },
  done: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

const KEEP_ALIVE_MS = 10_000
const CONNECT_TIMEOUT_MS = 10_000
const CONNECTIONS_PER_ORIGIN = 8
const REDIRECTS = new Set([301, 302, 303, 307, 308])
const DECODERS = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), br: promisify(brotliDecompress) }

/** Connections are kept alive and shared by all exchanges under the same address rules. */
export function openHttp(resolve: Resolve = systemLookup as Resolve): Http {
  const agents = new Map<string, Agent>()

  function agentFor(url: URL, { plain_http, allow_private }: Wanted): Agent {
    const privateOnly = url.protocol === 'http:' && plain_http !== 'allowed'
    const policy = `${privateOnly} ${allow_private.join(' ')}`
    const known = agents.get(policy)
    if (known) return known
    const agent = openAgent(checkedLookup(resolve, listOf(allow_private), privateOnly))
    agents.set(policy, agent)
    return agent
  }

  return {
    exchange: (wanted) => untilCut(wanted, (cut) => follow(wanted, agentFor, cut)),
    async close() {
      const open = [...agents.values()]
      agents.clear()
      await Promise.all(open.map((agent) => agent.close()))
    },
  }
}

export const { exchange, close: closeHttp }: Http = openHttp()

/** Runs with a signal that is aborted at the deadline (`timeout`) or at the end of `life` (`aborted`). */
async function untilCut(wanted: Wanted, run: (cut: AbortSignal) => Promise<Reply>): Promise<Reply> {
  const cut = new AbortController()
  const onDeath = () => cut.abort('aborted')
  const timer = setTimeout(() => cut.abort('timeout'), wanted.deadline_ms)
  wanted.life?.addEventListener('abort', onDeath, { once: true })
  if (wanted.life?.aborted) onDeath()
  try {
    return await run(cut.signal)
  } finally {
    clearTimeout(timer)
    wanted.life?.removeEventListener('abort', onDeath)
  }
}

type AgentFor = (url: URL, wanted: Wanted) => Agent

/** Each hop is judged like the first; what answers the last one is the reply. */
async function follow(wanted: Wanted, agentFor: AgentFor, cut: AbortSignal): Promise<Reply> {
  let ask = wanted
  for (let left = wanted.redirects?.most ?? 0; ; left--) {
    const problem = addressProblem(ask.url, ask.allow_private, ask.plain_http)
    if (problem) throw new HttpError('refused_address', problem)
    const url = new URL(ask.url)
    const reply = await converse(agentFor(url, ask), requestOf(url, ask), cut)
    const redirects = REDIRECTS.has(reply.status) ? wanted.redirects : undefined
    if (!redirects) return wanted.decompress ? decoded(reply, ask) : reply
    if (left === 0) throw new HttpError('redirect', `${url.host} redirects more than ${redirects.most} times`)
    ask = redirected(ask, reply, redirects.hosts)
  }
}

function openAgent(lookup: LookupFunction): Agent {
  return new Agent({
    connect: { lookup, timeout: CONNECT_TIMEOUT_MS },
    connections: CONNECTIONS_PER_ORIGIN,
    keepAliveTimeout: KEEP_ALIVE_MS,
    allowH2: false,
    // undici's own timeouts are idle timeouts, which a trickle outlives; the deadline of the exchange bounds everything.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
}

/** Rejects with HttpError, at once when `cut` is aborted (its reason is the kind: `timeout` or `aborted`). */
async function converse(agent: Agent, request: Request, cut: AbortSignal): Promise<Reply> {
  const listener = new Listener(request, cut)
  const { url, method, headers, body } = request
  const stop = () => listener.cut()
  cut.addEventListener('abort', stop, { once: true })
  try {
    if (cut.aborted) stop()
    else
      agent.dispatch({ origin: url.origin, path: url.pathname + url.search, method, headers, body }, listener)
    return await listener.reply
  } finally {
    cut.removeEventListener('abort', stop)
  }
}

/** Only addresses that passed are handed to connect: a name that changes its mind between check and connection gains nothing. */
export function checkedLookup(resolve: Resolve, opened: BlockList, privateOnly: boolean): LookupFunction {
  return (host, options, done) => {
    const { family, hints } = options
    const asked = {
      all: true as const,
      ...(typeof family === 'number' && { family }),
      ...(hints && { hints }),
    }
    resolve(host, asked, (error, found) => {
      if (error) return done(error, '', 0)
      const safe = found.filter(({ address }) => mayDial(address, opened, privateOnly))
      const first = safe[0]
      if (!first) return done(new HttpError('refused_address', refusal(host, privateOnly)), '', 0)
      return options.all ? done(null, safe) : done(null, first.address, first.family)
    })
  }
}

function refusal(host: string, privateOnly: boolean): string {
  return privateOnly
    ? `${host} must be https: it resolves to an address that allow_private does not open`
    : `${host} resolves to a private or reserved address; network.yaml allow_private can open it`
}

function requestOf(url: URL, ask: Wanted): Request {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(ask.headers)) headers[name.toLowerCase()] = value
  headers['accept-encoding'] = ask.decompress ? 'gzip, br' : 'identity'
  return {
    url,
    method: ask.method,
    headers,
    body: ask.body ?? null,
    max_bytes: ask.max_bytes,
    whole: ask.whole ?? false,
  }
}

function redirected(ask: Wanted, reply: Reply, hosts: readonly string[]): Wanted {
  const from = new URL(ask.url)
  const to = URL.parse(reply.headers['location'] ?? '', from.href)
  const refuse = (why: string) => new HttpError('redirect', `${from.host} answered ${reply.status}: ${why}`)
  if (!reply.headers['location'] || !to) throw refuse('a redirect to nowhere')
  if (!/^https?:$/.test(to.protocol)) throw refuse(`a redirect to ${to.protocol}, expected http or https`)
  if (from.protocol === 'https:' && to.protocol !== 'https:') throw refuse('a redirect away from https')
  // Another port is somebody else's server. The one that http and https have by default is the host's own.
  const own = to.host === from.host
  if (!own && !hosts.includes(to.host)) throw refuse(`a redirect to ${to.host}, a host that was not expected`)
  if (ask.method === 'POST' && reply.status < 307) throw refuse('a redirect that would turn POST into GET')
  return { ...ask, url: to.href, headers: own ? ask.headers : harmless(ask.headers) }
}

/** What another host may see: a header of any other name may be a key. */
const HARMLESS = /^(accept|accept-language|content-type|origin|referer|user-agent|x-requested-with)$/i

function harmless(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => HARMLESS.test(name)))
}

/** An encoding that was not offered is left as it is: whoever reads the page will not understand it. */
async function decoded(reply: Reply, ask: Wanted): Promise<Reply> {
  const encoding = reply.headers['content-encoding']?.toLowerCase()
  const decode = DECODERS[encoding as keyof typeof DECODERS]
  if (!decode || reply.bytes.length === 0) return reply
  const { host } = new URL(ask.url)
  try {
    const bytes = await decode(reply.bytes, { maxOutputLength: ask.max_bytes })
    return { ...reply, bytes }
  } catch (cause) {
    const tooLarge = cause instanceof RangeError
    const why = tooLarge
      ? `the page unpacks to more than ${ask.max_bytes} bytes`
      : `the page is damaged (${encoding})`
    throw new HttpError(tooLarge ? 'too_large' : 'reset', `${host}: ${why}`, { ambiguous: true })
  }
}
