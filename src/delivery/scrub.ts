import { cut, oneLine } from '../text.ts'

const SHORTEST_SECRET = 6
/** between the slashes of a path: shorter parts are words such as `hooks` */
const SHORTEST_SEGMENT = 8
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
    .flatMap(asTold)
    .sort((a, b) => b.length - a.length)
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value, ...value.split(' ')]
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(texts)
  // what a login by SMTP says, in base64
  return 'password' in value && 'user' in value ? [...inner, `\0${value.user}\0${value.password}`] : inner
}

function urlParts(text: string): string[] {
  const url = URL.parse(text)
  if (!url) return []
  return [
    url.pathname + url.search,
    url.pathname,
    ...(url.pathname + url.search).split(/[/?&]/).filter((part) => part.length >= SHORTEST_SEGMENT),
    url.search,
    url.username,
    url.password,
    ...url.searchParams.values(),
  ]
}

/** As it is, and as JSON, HTML, a URL or a log of a protocol write it. */
function asTold(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1)
  return [
    text,
    json,
    json.replaceAll('/', String.raw`\/`),
    text.replaceAll('&', '&amp;'),
    encodeURIComponent(text),
    Buffer.from(text).toString('base64'),
  ]
}
