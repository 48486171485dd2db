/** The JSON Schemas that receivers read: `node src/message/schemas.ts` writes them, the formatter lays them out. */
import { writeFileSync } from 'node:fs'
import { z } from 'zod'
import { DATA } from './data.ts'

const FOLDER = new URL('../../docs/schemas/webhook/', import.meta.url)

/** Each type with the schema of its whole message. */
export function messageSchemas() {
  return Object.entries(DATA).map(([type, data]) => {
    const message = z.object({ type: z.literal(type), timestamp: z.iso.datetime({ precision: 3 }), data })
    // Of the input side: receivers must not refuse keys that a later version adds.
    const json = { title: `Metalgap webhook ${type}`, ...z.toJSONSchema(message, { io: 'input' }) }
    return { type, message, json, file: new URL(`${type}.json`, FOLDER) }
  })
}

if (import.meta.main) {
  for (const { file, json } of messageSchemas()) writeFileSync(file, `${JSON.stringify(json, null, 2)}\n`)
}
