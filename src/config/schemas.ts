/** The JSON Schemas for editors, from the schemas that the program itself uses: `node src/config/schemas.ts` writes them. */
import { writeFileSync } from 'node:fs'
import { z } from 'zod'
import type { Channel } from '../channels/channel.ts'
import { loadChannels } from '../shelf.ts'
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

const KINDS = await loadChannels()

/** Text of each file in config/schemas, by its URL. */
export function schemaTexts(): [file: URL, text: string][] {
  return Object.entries(FILES).map(([name, schema]) => {
    const json = jsonOf(schema, name === 'channels' ? anyText : undefined)
    if (name === 'channels') (json['properties'] as Json)['channels'] = channelsOf(KINDS)
    return [new URL(`${name}.json`, FOLDER), `${JSON.stringify(json, null, 2)}\n`]
  })
}

type Json = Record<string, unknown>

function jsonOf(schema: z.ZodType, override = (_: { jsonSchema: object }) => {}): Json {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-7', override }) as Json
}

/** What a channel may say depends on its kind. */
function channelsOf(kinds: Record<string, Channel>): Json {
  const oneOf = Object.entries(kinds).map(([kind, { settings }]) => {
    const { $schema: _, properties, required, ...rest } = jsonOf(settings, anyText)
    return {
      ...{ title: kind, ...rest },
      properties: { kind: { const: kind }, ...(properties as Json) },
      required: ['kind', ...((required as string[] | undefined) ?? [])],
    }
  })
  return { type: 'object', default: {}, additionalProperties: { oneOf } }
}

/** In the file a secret stands as ${NAME}, which is no url and no key. */
function anyText({
  jsonSchema,
}: {
  jsonSchema: { pattern?: unknown; format?: unknown; allOf?: unknown }
}): void {
  delete jsonSchema.pattern
  delete jsonSchema.format
  delete jsonSchema.allOf
}

if (import.meta.main) for (const [file, text] of schemaTexts()) writeFileSync(file, text)
