/** Where a replay may begin again: around polls after which a pair's state does not follow from what it was told. */
import type { OpenPair } from '../evaluation.ts'
import { saveCheckpoint } from '../store/checkpoints.ts'
import type { Client } from '../store/database.ts'

/** To be called before the pairs are saved, and the answer once they are. `told_id` is the last tick before this poll. */
export async function checkpointAround(
  client: Client,
  pairs: readonly OpenPair[],
  told_id: number,
): Promise<() => Promise<void>> {
  const saved = pairs.filter(({ error, touched }) => error === null && touched)
  const filled = saved.filter((pair) => pair.filled)
  const refolded = saved.filter((pair) => pair.refolded && !pair.filled)
  await Promise.all(
    refolded.map(({ spec }) => saveCheckpoint(client, spec.pair, 'before-correction', told_id)),
  )
  return async () => {
    await Promise.all([
      ...refolded.map(({ spec }) => saveCheckpoint(client, spec.pair, 'correction')),
      ...filled.map(({ spec }) => saveCheckpoint(client, spec.pair, 'catch-up')),
    ])
  }
}
