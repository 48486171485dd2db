import type { Message } from '../channels/channel.ts'

/** A message of a breach with the link that the operators have configured; any other message as it is. */
export function withEvidenceLink(message: Message, link: string | null): Message {
  const { data } = message
  if (!link || typeof data['breach_id'] !== 'string') return message
  const evidence_url = link.replace(/\{(\w+)\}/g, (_, field: string) =>
    encodeURIComponent(String(data[field])),
  )
  return { ...message, data: { ...data, evidence_url } }
}

/** The link of a message; of one that folds several, the one that they share. */
export function evidenceLinkOf({ data }: Message): string | null {
  const messages = Array.isArray(data['messages']) ? (data['messages'] as Message[]) : null
  if (messages === null) return typeof data['evidence_url'] === 'string' ? data['evidence_url'] : null
  const links = new Set(messages.map(evidenceLinkOf))
  const [only = null] = links
  return links.size === 1 ? only : null
}
