/** `${NAME}` in a configuration: from the environment, or from the file that `NAME_FILE` names. */
import { readFileSync } from 'node:fs'

/** The value of a secret, or in words why there is none; the words never hold the value. */
export type SecretsReader = (name: string) => { value: string } | { missing: string }

// YAML reads `{` inside a flow mapping as syntax. Two characters that no text uses, of the same width, keep every
// column where it was: `${NAME}` may stand without quotes anywhere.
const WRITTEN = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g
const CONCEALED = /\$\uE000([A-Za-z_][A-Za-z0-9_]*)\uE001/g

export function conceal(text: string): string {
  return text.replace(WRITTEN, '$$\uE000$1\uE001')
}

export function secretsFrom(env: Record<string, string | undefined>): SecretsReader {
  return (name) => {
    const value = env[name]
    if (value !== undefined && value !== '') return { value }
    const file = env[`${name}_FILE`]
    if (!file)
      return { missing: `found \${${name}}, but neither ${name} nor ${name}_FILE is set in the environment` }
    try {
      return { value: readFileSync(file, 'utf8').replace(/\r?\n$/, '') }
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      return {
        missing: `found \${${name}}, but the file ${file} that ${name}_FILE names cannot be read (${code})`,
      }
    }
  }
}

/** Shorter ones are words like any other. */
const SHORTEST = 6

/** The same reader, and a text with `${NAME}` in place of every value that it has told. */
export function remembering(read: SecretsReader): {
  secret: SecretsReader
  hide(text: string): string
} {
  const told = new Map<string, string>()
  return {
    secret: (name) => {
      const found = read(name)
      if ('value' in found && found.value.length >= SHORTEST) told.set(found.value, name)
      return found
    },
    hide: (text) =>
      [...told].reduce((hidden, [value, name]) => hidden.replaceAll(value, `\${${name}}`), text),
  }
}

/** The value with its secrets, the value as written, and what is missing where. */
export function reveal(concealed: unknown, secret: SecretsReader) {
  const missing: { path: PropertyKey[]; message: string }[] = []
  const value = mapTexts(concealed, (text, path) =>
    text.replace(CONCEALED, (concealedName: string, name: string) => {
      const found = secret(name)
      if ('value' in found) return found.value
      missing.push({ path, message: found.missing })
      return concealedName
    }),
  )
  const written = mapTexts(concealed, (text) => text.replace(CONCEALED, '$${$1}'))
  return { value, written, missing }
}

function mapTexts(
  value: unknown,
  change: (text: string, path: PropertyKey[]) => string,
  path: PropertyKey[] = [],
): unknown {
  if (typeof value === 'string') return change(value, path)
  if (Array.isArray(value)) return value.map((item, index) => mapTexts(item, change, [...path, index]))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapTexts(item, change, [...path, key])]),
  )
}
