/**
 * The contract of the shelf `src/channels/`: one file a kind of destination, the file's name is the kind.
 * A channel renders a message and classifies an answer; sending, retrying and recording are not its business.
 */
import type { z } from 'zod'

/** What a delivery tells. `data` is exactly the `data` of the webhook contract. */
export interface Message {
  type: string
  /** when the thing happened as we learnt of it (ISO) */
  timestamp: string
  data: Record<string, unknown>
}

export interface Request {
  url: string
  headers: Record<string, string>
  body: string
}

/** A request of those that follow a message. */
export interface Following {
  url: string
  headers: Record<string, string>
  body: string | Uint8Array
}

/** Facts of one attempt; `webhook_id` never changes between attempts. */
export interface Attempt {
  webhook_id: string
  /** from 1 */
  number: number
  /** an earlier attempt may have arrived */
  maybe_repeated: boolean
  at: Date
  /** when what it tells was learnt */
  moment: Date
  /** of the first message about the same subject that this channel took, where its kind gives receipts */
  receipt: string | null
}

export interface Answer {
  status: number
  /** names in lower case */
  headers: Record<string, string>
  /** at most 16 KiB of it */
  body: string
}

/**
 * delivered (receipt: what is kept of the answer); retry: try again later (tell_operators at the first); dead: this payload is refused for good;
 * disable: this destination is gone until an operator enables it; plain: send once more as plain text.
 */
export type Verdict =
  | { is: 'delivered'; receipt?: string }
  | { is: 'retry'; why: string; tell_operators?: boolean; retry_after_ms?: number }
  | { is: 'dead'; why: string }
  | { is: 'disable'; why: string }
  | { is: 'plain'; why: string }

/** gone: what was to be changed is not there any more, so that the message is sent as a first one. */
export type EditVerdict = Verdict | { is: 'gone' }

interface Destination<S> {
  /** what channels.yaml may say of it, beside `kind`; strict, and its errors never print a secret */
  settings: z.ZodType<S>
  /** invented settings, with which the conformance suite tries the channel */
  example: S
  /** least time between two messages to one destination, over all replicas */
  min_gap_ms: number
  /** a chat for people: what waits for it is told in one message (`messages.folded`) */
  folds?: true
  /** it pages people, and is told when somebody has acknowledged what it was told (`breach.acknowledged`) */
  acknowledges?: true
  /** where it goes, or null for a local channel (console); checked when configured and when dialled */
  url(settings: S): string | null
  /** the stable body: rendered once and byte-identical in every attempt */
  render(message: Message, settings: S): string
}

/** A destination behind a POST; `regime` names its retry schedule. */
export interface RemoteChannel<S = Record<string, unknown>> extends Destination<S> {
  regime: 'chat' | 'webhook'
  /** the body that replaces a refused one, for channels whose verdict may be `plain` */
  plain?(message: Message, settings: S): string
  /** headers and body of one attempt around the stable body */
  request(body: string, attempt: Attempt, settings: S): Request
  /** `now` dates a Retry-After that names a date */
  judge(answer: Answer, now: Date): Verdict
  /** an answer of a destination that took the message, with which the conformance suite tries the channel */
  accepted: Answer
  /** for channels that can change what they sent */
  edit?: Edit<S>
  /**
   * What follows a message that was taken (a picture): each request is made from the answer to the one before. It is tried
   * once, and what it throws is logged; undefined where nothing follows.
   */
  follow?(message: Message, receipts: Receipts, settings: S): Generator<Following, void, Answer> | undefined
}

/** Of the message that was taken now, and of the first one about its subject that was taken before it. */
export interface Receipts {
  first: string | null
  now: string | null
}

/** A change of an earlier message, made before the request of its attempt; it does no harm when it is repeated. */
export interface Edit<S = Record<string, unknown>> {
  /** null where there is nothing to change */
  request(body: string, attempt: Attempt, settings: S): Request | null
  judge(answer: Answer, now: Date): EditVerdict
  /** it shows how a breach stands and calls nobody, so what has eased is told as well */
  shows?: true
}

/** What a channel that dials for itself must keep to. */
export interface Way {
  /** networks that may be reached although they are private */
  allow_private: readonly string[]
  /** for everything together */
  deadline_ms: number
  /** ends the attempt at once */
  life: AbortSignal
}

export interface Sent {
  verdict: Verdict
  /** of the protocol, where it has one */
  status?: number | null
  /** nobody knows whether it arrived */
  ambiguous?: boolean
  /** a fault of ours kept it at home */
  unsent?: boolean
}

/** A destination that is not reached by a POST; what it throws is a fault of ours. */
export interface LocalChannel<S = Record<string, unknown>> extends Destination<S> {
  regime: 'local'
  /** what it dials, so that one slow server does not take all places; left out where it dials nothing */
  host?(settings: S): string
  deliver(body: string, attempt: Attempt, settings: S, way: Way): Promise<Sent>
}

export type Channel<S = Record<string, unknown>> = RemoteChannel<S> | LocalChannel<S>
