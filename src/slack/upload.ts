/** A file into a thread, in Slack's three steps: a place for it, its bytes, and where it is shown. */
import type { Answer, Following } from '../channels/channel.ts'
import { jsonOf } from '../json-body.ts'
import { errorWord } from './judge.ts'

export interface File {
  name: string
  title: string
  /** for those who do not see it */
  alt: string
  type: string
  bytes: Uint8Array
}

/** `ask` makes the request of a method; throws what Slack says where it is no yes. */
export function* upload(
  { name, title, alt, type, bytes }: File,
  thread: { channel: string; ts: string },
  ask: (method: string, form: Record<string, string>) => Following,
): Generator<Following, void, Answer> {
  const form = { filename: name, length: String(bytes.length), alt_txt: alt }
  const { upload_url, file_id } = said(yield ask('files.getUploadURLExternal', form))
  const stored = yield { url: String(upload_url), headers: { 'content-type': type }, body: bytes }
  if (stored.status !== 200) throw new Error(`the upload was answered with ${stored.status}`)
  const files = JSON.stringify([{ id: file_id, title }])
  const where = { channel_id: thread.channel, thread_ts: thread.ts }
  said(yield ask('files.completeUploadExternal', { files, ...where }))
}

function said({ status, body }: Answer): Record<string, unknown> {
  const answer = jsonOf(body)
  if (status !== 200 || answer?.['ok'] !== true) throw new Error(`answered ${status} ${errorWord(body)}`)
  return answer
}
