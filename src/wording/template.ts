/** Operators' own words: `{legs.east.price}` stands for that fact of the message. */
import type { Message } from '../channels/channel.ts'
import { didYouMean } from '../nearest.ts'
import { brief, minutes } from './format.ts'
import type { Reader } from './reader.ts'

const FIELD = /\{([^{}]*)\}/g
const SIX_DECIMALS = /^-?\d+\.\d{6}$/
const TIME = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/

/** `extra` are fields beside those of the message's data. Throws an Error that names the field which it lacks. */
export function filled(
  template: string,
  { type, data }: Message,
  extra: Record<string, string>,
  reader: Reader,
): string {
  const fields = { ...fieldsOf(data, ''), ...extra }
  return template.replace(FIELD, (_, written: string) => {
    const name = written.trim()
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (value === undefined)
      throw new Error(
        `the template of ${type} names {${name}}, which this message does not have${didYouMean(name, Object.keys(fields))}`,
      )
    return shown(value, reader)
  })
}

function fieldsOf(value: unknown, path: string): Record<string, string> {
  if (value === null || value === undefined) return {}
  if (typeof value !== 'object') return { [path]: String(value) }
  const entries = Object.entries(value)
  return Object.assign({}, ...entries.map(([key, inner]) => fieldsOf(inner, path ? `${path}.${key}` : key)))
}

/** Figures that we calculated and times as people read them; everything else as it stands. */
function shown(value: string, { locale, time_zone }: Reader): string {
  if (SIX_DECIMALS.test(value)) return brief(value, locale)
  return TIME.test(value) ? minutes(value, time_zone) : value
}
