/** How a signing secret is changed without a message that the receiver cannot verify. Existing secrets are never told. */
import { randomBytes } from 'node:crypto'
import type { ChannelConfig } from './config.ts'
import { UserError } from './errors.ts'

export interface Rotation {
  /** new; told once and kept nowhere */
  secret: string
  steps: string[]
}

const SECRET_BYTES = 32

/** Throws a UserError where the channel signs nothing, or where a rotation is under way. */
export function rotationOf({ channel, kind, settings }: ChannelConfig): Rotation {
  const { secrets } = settings
  if (!Array.isArray(secrets))
    throw new UserError(`${channel} is a ${kind}, which signs nothing: only a webhook has secrets to rotate.`)
  if (secrets.length > 1)
    throw new UserError(
      `${secrets.length} secrets of ${channel} sign already. Finish that rotation first: once the receiver verifies with the first of them, take the last out of channels.yaml and restart.`,
    )
  const name = `${channel.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_WEBHOOK_SECRET_NEW`
  const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`
  return {
    secret,
    steps: [
      `The line above is a new secret for ${channel}. It is stored nowhere: keep it now.`,
      `1. Set ${name} to it (or ${name}_FILE to a file that holds it) for every process that delivers.`,
      `2. In channels.yaml put it first, before what stands there: ${channel}: { ..., secrets: ["\${${name}}", ...] }`,
      '3. Check with "metalgap check", restart: from now on both sign every message, newest first.',
      `4. Let the receiver verify with the new one, and try it: metalgap channel test ${channel}`,
      '5. Take the old one out of channels.yaml and restart.',
    ],
  }
}
