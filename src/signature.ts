/** Standard Webhooks v1 (standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`. */
import { createHmac } from 'node:crypto'

const PREFIX = 'whsec_'
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** What is wrong with a signing secret, without printing it; null when it will do. */
export function secretProblem(secret: string): string | null {
  const encoded = withoutPrefix(secret)
  if (!BASE64.test(encoded)) return 'a signing secret must be base64, with or without whsec_ before it'
  const bytes = Buffer.byteLength(encoded, 'base64')
  if (bytes >= 24 && bytes <= 64) return null
  return `a signing secret must hold 24 to 64 bytes, this one holds ${bytes}: make one with "openssl rand -base64 32"`
}

/** The value of `webhook-signature`: one signature for each secret, newest first. `seconds` is the time of the attempt. */
export function sign(secrets: readonly string[], id: string, seconds: number, body: string): string {
  return secrets.map((secret) => `v1,${signature(secret, `${id}.${seconds}.${body}`)}`).join(' ')
}

function signature(secret: string, signed: string): string {
  const key = Buffer.from(withoutPrefix(secret), 'base64')
  return createHmac('sha256', key).update(signed, 'utf8').digest('base64')
}

function withoutPrefix(secret: string): string {
  return secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret
}
