/** Several messages of one chat that wait together, told as one. */
import { z } from 'zod'
import type { Message } from '../channels/channel.ts'

export const FOLDED = 'messages.folded'

export const foldedData = z.object({
  covers: z.array(
    z.object({
      delivery_id: z.string(),
      type: z.string(),
      breach_id: z.string().nullable(),
      sequence: z.int(),
    }),
  ),
  messages: z.array(
    z.object({ type: z.string(), timestamp: z.string(), data: z.record(z.string(), z.unknown()) }),
  ),
})

export type FoldedData = z.infer<typeof foldedData>
type Covered = FoldedData['covers'][number]

/** Most urgent first, as given; `covers` names every step that it tells. */
export function foldedMessage(waiting: readonly (Covered & { message: Message })[]): Message {
  const messages = waiting.map(({ message }) => message)
  const covers = waiting.map(({ delivery_id, type, breach_id, sequence }) => ({
    ...{ delivery_id, type, breach_id, sequence },
  }))
  const timestamp =
    messages
      .map((message) => message.timestamp)
      .toSorted()
      .at(-1) ?? ''
  const simulated = messages.some(({ data }) => data['simulated'] === true)
  const test = messages.every(({ data }) => data['test'] === true)
  return {
    type: FOLDED,
    timestamp,
    data: { schema_version: 1, test, ...(simulated && { simulated }), covers, messages },
  }
}
