/** The JSON Schemas for editors, from the schemas that the program itself uses: `node src/config/schemas.ts` writes them. */
import { writeFileSync } from 'node:fs'
import { z } from 'zod'
import { calendarFile } from './schema/calendars.ts'
import { channelsFile } from './schema/channels.ts'
import { feedsFile } from './schema/feeds.ts'
import { metalFile } from './schema/metals.ts'
import { networkFile } from './schema/network.ts'
import { policyFile } from './schema/policy.ts'

const FOLDER = new URL('../../config/schemas/', import.meta.url)

const FILES = {
  metal: metalFile,
  calendar: calendarFile,
  channels: channelsFile,
  feeds: feedsFile,
  network: networkFile,
  policy: policyFile,
}

/** Text of each file in config/schemas, by its URL. */
export function schemaTexts(): [file: URL, text: string][] {
  return Object.entries(FILES).map(([name, schema]) => {
    const json = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' })
    return [new URL(`${name}.json`, FOLDER), `${JSON.stringify(json, null, 2)}\n`]
  })
}

if (import.meta.main) for (const [file, text] of schemaTexts()) writeFileSync(file, text)
