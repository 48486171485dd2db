import type { Answer, Attempt, LocalChannel, RemoteChannel, Verdict } from '../channels/channel.ts'
import type { Context } from '../context.ts'
import { exchange, HttpError } from '../http.ts'
import type { Claimed } from '../store/attempts.ts'
import { keepBody } from '../store/deliveries.ts'
import type { Route } from './route.ts'
import { scrubbed } from './scrub.ts'

const DEADLINE_MS = 15_000
const MAX_BYTES = 16 * 1024

/** What of the context a delivery needs. */
export type Delivering = Pick<Context, 'config' | 'database' | 'log' | 'now' | 'life'>

export interface Result {
  verdict: Verdict
  status: number | null
  /** nobody knows whether it arrived */
  ambiguous: boolean
  /** a fault of ours kept it at home */
  unsent: boolean
}

/** Makes one attempt; whatever goes wrong is an answer, never thrown. */
export async function attempt(context: Delivering, route: Route, claimed: Claimed): Promise<Result> {
  const facts: Attempt = {
    webhook_id: claimed.delivery_id,
    number: claimed.attempts,
    maybe_repeated: claimed.maybe_repeated,
    at: context.now(),
  }
  try {
    const body = claimed.body ?? (await rendered(context, route, claimed))
    if (route.code.regime === 'local') return await deliverHere(route.code, body, facts, route)
    return await post(context, route, route.code, body, facts)
  } catch (error) {
    return failure(error, route)
  }
}

async function rendered(
  { database }: Delivering,
  { code, settings }: Route,
  { delivery_id, message }: Claimed,
) {
  return keepBody(database, delivery_id, code.render(message, settings))
}

async function deliverHere(
  code: LocalChannel,
  body: string,
  facts: Attempt,
  { settings }: Route,
): Promise<Result> {
  await code.deliver(body, facts, settings)
  return { verdict: { is: 'delivered' }, status: null, ambiguous: false, unsent: false }
}

async function post(
  context: Delivering,
  route: Route,
  code: RemoteChannel,
  body: string,
  facts: Attempt,
): Promise<Result> {
  const reply = await exchange({
    method: 'POST',
    ...code.request(body, facts, route.settings),
    deadline_ms: DEADLINE_MS,
    max_bytes: MAX_BYTES,
    life: context.life,
    allow_private: context.config.network.allow_private,
  })
  const answer = { status: reply.status, headers: reply.headers, body: new TextDecoder().decode(reply.bytes) }
  const verdict = explained(code.judge(answer, context.now()), answer, route)
  return { verdict, status: reply.status, ambiguous: false, unsent: false }
}

/** Puts the host before the reason and what the receiver said behind it. */
function explained(verdict: Verdict, { body }: Answer, { host, settings }: Route): Verdict {
  if (verdict.is === 'delivered') return verdict
  const said = scrubbed(body, settings)
  const why = `${host} ${verdict.why}`
  return { ...verdict, why: said === '' || why.endsWith(said) ? why : `${why}: ${said}` }
}

function failure(error: unknown, { channel, settings }: Route): Result {
  if (error instanceof HttpError) {
    const tell_operators = error.kind === 'refused_address'
    const verdict: Verdict = { is: 'retry', why: error.message, tell_operators }
    return { verdict, status: null, ambiguous: error.ambiguous, unsent: error.ours }
  }
  const why = `${channel}: ${scrubbed(error instanceof Error ? error.message : String(error), settings)}`
  return { verdict: { is: 'retry', why }, status: null, ambiguous: false, unsent: true }
}
