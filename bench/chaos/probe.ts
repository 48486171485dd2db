/**
 * Kills this process at a named point. Production code knows nothing of it: it patches the classes of `pg` and `undici`
 * before the product is loaded. Arguments: the point and at which of its occurrences.
 */
import pg from 'pg'
import { Agent } from 'undici'

export const POINTS = [
  'before commit',
  'after commit',
  'attempt recorded',
  'mid-send',
  'after the 200',
] as const
export type Point = (typeof POINTS)[number]

const LONGEST_SEND_MS = 4

/** Arms it: the process dies (SIGKILL) when `point` is reached for the `nth` time. */
export function arm(point: Point, nth: number): void {
  let left = nth
  const reach = (reached: Point) => {
    if (reached !== point) return
    left -= 1
    if (left === 0) process.kill(process.pid, 'SIGKILL')
  }
  patchQueries(reach)
  patchRequests(reach)
}

function patchQueries(reach: (point: Point) => void): void {
  const { query } = pg.Client.prototype
  const claims = new WeakSet<pg.Client>()
  const patched = function (this: pg.Client, ...asked: unknown[]) {
    const [statement] = asked as [string | { name?: string }]
    if (statement === 'commit') reach('before commit')
    const answer: unknown = Reflect.apply(query, this, asked)
    const point = pointAfter(this, statement, claims)
    if (point && answer instanceof Promise)
      answer.then(
        () => reach(point),
        () => {},
      )
    return answer
  }
  pg.Client.prototype.query = patched as typeof query
}

/** An attempt is recorded when its claim is: by itself, or with the transaction that wrote the delivery. */
function pointAfter(
  client: pg.Client,
  statement: string | { name?: string },
  claims: WeakSet<pg.Client>,
): Point | null {
  if (typeof statement === 'object') {
    if (statement.name !== 'claim-delivery') return null
    if (client.getTransactionStatus() !== 'T') return 'attempt recorded'
    claims.add(client)
    return null
  }
  if (statement !== 'commit') return null
  return claims.delete(client) ? 'attempt recorded' : 'after commit'
}

function patchRequests(reach: (point: Point) => void): void {
  const { dispatch } = Agent.prototype
  Agent.prototype.dispatch = function (...[options, handler]) {
    if (options.path?.startsWith('/hook')) {
      setTimeout(() => reach('mid-send'), Math.random() * LONGEST_SEND_MS)
      const { onResponseEnd } = handler
      handler.onResponseEnd = function (...answer) {
        reach('after the 200')
        return onResponseEnd?.apply(this, answer)
      }
    }
    return dispatch.call(this, options, handler)
  }
}
