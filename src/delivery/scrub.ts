import { cut, oneLine } from '../text.ts'

const SHORTEST_SECRET = 6
const MOST = 200

/** A receiver's words for people to read: one short line, without anything that the channel's settings hold. */
export function scrubbed(text: string, settings: unknown): string {
  let clean = oneLine(text)
  for (const secret of secretsOf(settings)) clean = clean.replaceAll(secret, '[secret]')
  return cut(clean, MOST)
}

/** Every text of the settings; of a URL also its path and query, which receivers like to repeat. Longest first. */
function secretsOf(settings: unknown): string[] {
  return texts(settings)
    .flatMap((text) => [text, text.replace(/^whsec_/, ''), ...urlParts(text)])
    .filter((text) => text.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length)
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value, ...value.split(' ')]
  return typeof value === 'object' && value ? Object.values(value).flatMap(texts) : []
}

function urlParts(text: string): string[] {
  const url = URL.parse(text)
  if (!url) return []
  return [
    url.pathname + url.search,
    url.pathname,
    url.search,
    url.username,
    url.password,
    ...url.searchParams.values(),
  ]
}
