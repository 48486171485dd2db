import type {
  Answer,
  Attempt,
  Following,
  LocalChannel,
  Message,
  RemoteChannel,
  Request,
  Verdict,
  Way,
} from '../channels/channel.ts'
import type { Context } from '../context.ts'
import { exchange, HttpError } from '../http.ts'
import { foldedMessage } from '../message/folded.ts'
import type { Claimed } from '../store/claims.ts'
import { keepBody } from '../store/deliveries.ts'
import { templateProblem } from '../wording.ts'
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

/** What one message tells: a delivery, or several of one chat. */
export type Waiting = readonly [Claimed, ...Claimed[]]

/** Makes one attempt; whatever goes wrong is an answer, never thrown. */
export async function attempt(context: Delivering, route: Route, waiting: Waiting): Promise<Result> {
  const [first] = waiting
  const message = messageOf(waiting)
  const facts: Attempt = {
    webhook_id: first.delivery_id,
    number: first.attempts,
    maybe_repeated: waiting.some(({ maybe_repeated }) => maybe_repeated),
    at: context.now(),
    moment: new Date(message.timestamp),
    receipt: first.receipt,
  }
  const problem = templateProblem(message, route.settings)
  if (problem)
    context.log.warn({ channel: route.channel, problem }, 'a template fails, the built-in words go out')
  try {
    const body = waiting.length > 1 ? rendered(route, message) : await bodyOf(context, route, first)
    if (first.leased_until.getTime() - context.now().getTime() < longest(route)) return OVERTAKEN
    if (route.code.regime === 'local') return await deliverHere(context, route, route.code, body, facts)
    return await post(context, route, route.code, body, facts)
  } catch (error) {
    return failure(error, route)
  }
}

/** What changes an earlier message first makes two exchanges. */
function longest({ code }: Route): number {
  return code.regime !== 'local' && code.edit ? 2 * DEADLINE_MS : DEADLINE_MS
}

/** Stalled for so long that the lease may end before the exchange does: whoever has it then sends, and says so. */
const OVERTAKEN: Result = {
  verdict: { is: 'retry', why: 'this process was stalled until its lease had nearly run out' },
  status: null,
  ambiguous: false,
  unsent: true,
}

export function messageOf(waiting: Waiting): Message {
  return waiting.length > 1 ? foldedMessage(waiting) : waiting[0].message
}

function rendered({ code, settings }: Route, message: Message): string {
  return code.render(message, settings)
}

/** The same bytes in every attempt. */
async function bodyOf({ database }: Delivering, route: Route, { delivery_id, message, body }: Claimed) {
  return body ?? keepBody(database, delivery_id, rendered(route, message))
}

async function deliverHere(
  context: Delivering,
  { settings }: Route,
  code: LocalChannel,
  body: string,
  facts: Attempt,
): Promise<Result> {
  const way = { ...wayOf(context), deadline_ms: DEADLINE_MS }
  const {
    verdict,
    status = null,
    ambiguous = false,
    unsent = false,
  } = await code.deliver(body, facts, settings, way)
  return { verdict: explained(verdict, '', null, settings), status, ambiguous, unsent }
}

async function post(
  context: Delivering,
  route: Route,
  code: RemoteChannel,
  body: string,
  facts: Attempt,
): Promise<Result> {
  const edited = await edit(context, route, code, body, facts)
  if (edited && 'verdict' in edited) return edited
  const attempt = edited?.gone ? { ...facts, receipt: null } : facts
  const answer = await ask(context, code.request(body, attempt, route.settings))
  const verdict = explained(code.judge(answer, context.now()), answer.body, route.host, route.settings)
  const ambiguous = verdict.is === 'retry' && mayHaveArrived(answer.status)
  return { verdict, status: answer.status, ambiguous, unsent: false }
}

/** A gateway that gave up may have passed it on; a 2xx that does not say what a yes should say may be one. */
function mayHaveArrived(status: number): boolean {
  return (status >= 200 && status < 300) || status === 502 || status === 504
}

/** Null or `gone`: go on; a result: the change failed, nothing else was sent, and all of it is tried again. */
async function edit(
  context: Delivering,
  route: Route,
  { edit }: RemoteChannel,
  body: string,
  facts: Attempt,
): Promise<Result | { gone: true } | null> {
  const request = edit?.request(body, facts, route.settings)
  if (!edit || !request) return null
  try {
    const answer = await ask(context, request)
    const verdict = edit.judge(answer, context.now())
    if (verdict.is === 'gone') return { gone: true }
    if (verdict.is === 'delivered') return null
    const why = explained(verdict, answer.body, route.host, route.settings)
    return { verdict: why, status: answer.status, ambiguous: false, unsent: false }
  } catch (error) {
    return { ...failure(error, route), ambiguous: false }
  }
}

/** One exchange with a destination. Throws HttpError. */
export async function ask(
  context: Pick<Delivering, 'life' | 'config'>,
  request: Request | Following,
): Promise<Answer> {
  const reply = await exchange({
    method: 'POST',
    ...request,
    ...wayOf(context),
    deadline_ms: DEADLINE_MS,
    max_bytes: MAX_BYTES,
  })
  return { status: reply.status, headers: reply.headers, body: new TextDecoder().decode(reply.bytes) }
}

function wayOf({ life, config }: Pick<Delivering, 'life' | 'config'>): Pick<Way, 'life' | 'allow_private'> {
  return { life, allow_private: config.network.allow_private }
}

/** Puts the host before the reason and what the receiver said behind it. */
function explained(verdict: Verdict, body: string, host: string | null, settings: unknown): Verdict {
  if (verdict.is === 'delivered') return verdict
  const said = scrubbed(body, settings)
  const reason = scrubbed(verdict.why, settings)
  const why = host === null ? reason : `${host} ${reason}`
  return { ...verdict, why: said === '' || why.endsWith(said) ? why : `${why}: ${said}` }
}

function failure(error: unknown, { channel, settings }: Route): Result {
  if (error instanceof HttpError) {
    const tell_operators = error.kind === 'refused_address' || error.kind === 'certificate'
    const verdict: Verdict = { is: 'retry', why: error.message, tell_operators }
    const stopped = error.kind === 'aborted' && !error.ambiguous
    return { verdict, status: null, ambiguous: error.ambiguous, unsent: error.ours || stopped }
  }
  const why = `${channel}: ${scrubbed(error instanceof Error ? error.message : String(error), settings)}`
  return { verdict: { is: 'retry', why }, status: null, ambiguous: false, unsent: true }
}
