/** What Slack's answers mean: by the word in the body, for the status that carries it varies and may be 200. */
import type { Answer, Verdict } from '../channels/channel.ts'
import { retryAfterMs } from '../http/retry-after.ts'
import { jsonOf } from '../json-body.ts'

const RATE_LIMIT_PAUSE_MS = 5_000
const REFUSED =
  /^(invalid_payload|invalid_blocks|invalid_blocks_format|no_text|msg_blocks_too_long|msg_too_long|too_many_attachments)$/
const GONE =
  /^(no_service|no_service_id|no_active_hooks|channel_.*|is_archived|not_in_channel|no_team|team_.*|user_not_found|action_prohibited|restricted_action.*|posting_to_general_channel_denied|invalid_token|invalid_auth|not_authed|account_inactive|token_expired|token_revoked|missing_scope|org_login_required|ekm_access_denied|access_denied)$/

/** `yes` says whether the answer is one. */
export function judgeSlack({ status, headers, body }: Answer, now: Date, yes: boolean): Verdict {
  if (yes) return { is: 'delivered' }
  const word = errorWord(body)
  const why = `answered ${status}${/^[a-z_]{1,60}$/.test(word) ? ` ${word}` : ''}`
  const limited = status === 429 || /^rate_?limited$/.test(word)
  if (!limited && REFUSED.test(word)) return { is: 'plain', why }
  if (!limited && (GONE.test(word) || status === 410)) return { is: 'disable', why }
  const pause = retryAfterMs(headers, now) ?? (limited ? RATE_LIMIT_PAUSE_MS : null)
  if (pause !== null) return { is: 'retry', why, retry_after_ms: pause }
  return status >= 500 || TRANSIENT.test(word)
    ? { is: 'retry', why }
    : { is: 'retry', why, tell_operators: true }
}

const TRANSIENT = /^(rollup_error|internal_error|fatal_error|service_unavailable|request_timeout)$/

/** `ok`, the word of an error, or the body as it stands. */
export function errorWord(body: string): string {
  const answer = jsonOf(body)
  if (answer === null) return body.trim()
  if ('error' in answer) return String(answer['error'])
  return answer['ok'] === true ? 'ok' : body.trim()
}
