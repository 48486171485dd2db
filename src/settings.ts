/** Settings of the process: the only reader of the environment. What the product does is configured in YAML. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { UserError } from './errors.ts'
import { nearest } from './nearest.ts'

export interface Settings {
  /** absent: the embedded Postgres under `data` */
  databaseUrl?: string
  /** absent: the queue lives in Postgres */
  redisUrl?: string
  /** folder, absolute */
  config: string
  /** folder, absolute */
  data: string
  /** address that the port is opened on */
  host: string
  /** 0 is any free port */
  port: number | 'off'
  /** a pino level */
  logLevel: string
  /** the environment itself: where the configuration finds its secrets */
  env: Environment
}

export type Environment = Record<string, string | undefined>

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

const url = (...schemes: string[]) =>
  z.url({ protocol: new RegExp(`^(${schemes.join('|')})$`), error: `a ${schemes[0]}:// url` })
/** The driver of Redis decodes user and password. */
function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== ''
  } catch {
    return false
  }
}

const folder = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((path) => resolve(path))
const port = z
  .string()
  .regex(/^(off|\d{1,5})$/)
  .transform((text) => (text === 'off' ? text : Number(text)))
  .refine((value) => value === 'off' || value <= 65_535)

/** Each variable, what it may say, and how that is told to whoever wrote something else. */
const VARIABLES = {
  DATABASE_URL: {
    schema: url('postgres', 'postgresql').optional(),
    expected: 'postgres://user:password@host:port/database',
  },
  REDIS_URL: {
    schema: url('redis', 'rediss').refine(isDecodable).optional(),
    expected: 'redis://user:password@host:port or rediss://... (a % in the password is written %25)',
  },
  METALGAP_CONFIG: { schema: folder('config'), expected: 'a folder' },
  METALGAP_DATA: { schema: folder('.metalgap'), expected: 'a folder' },
  METALGAP_HOST: { schema: z.string().default('127.0.0.1'), expected: 'an address of this machine' },
  METALGAP_PORT: { schema: port.default(8640), expected: 'a port from 0 (any free one) to 65535, or off' },
  LOG_LEVEL: { schema: z.enum(LEVELS).default('info'), expected: `one of ${LEVELS.join(', ')}` },
}
const URLS = ['DATABASE_URL', 'REDIS_URL']

/**
 * Reads the environment; an empty variable counts as unset, and `DATABASE_URL_FILE` or `REDIS_URL_FILE` names a file
 * that holds the url. Throws a UserError (exit 78) that names every mistake; a url is never shown, it holds a password.
 */
export function readSettings(env: Environment = process.env): Settings {
  const mistakes = unknownNames(env)
  const read = <K extends keyof typeof VARIABLES>(name: K): z.output<(typeof VARIABLES)[K]['schema']> => {
    const { schema, expected } = VARIABLES[name]
    const text = fileOr(env, name, mistakes)
    const parsed = schema.safeParse(text)
    if (!parsed.success)
      mistakes.push(`${name}${URLS.includes(name) ? '' : ` is "${text}"`}: expected ${expected}`)
    return parsed.data as z.output<(typeof VARIABLES)[K]['schema']>
  }
  const databaseUrl = read('DATABASE_URL')
  const redisUrl = read('REDIS_URL')
  const settings: Settings = {
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(redisUrl === undefined ? {} : { redisUrl }),
    config: read('METALGAP_CONFIG'),
    data: read('METALGAP_DATA'),
    host: read('METALGAP_HOST'),
    port: read('METALGAP_PORT'),
    logLevel: read('LOG_LEVEL'),
    env,
  }
  if (mistakes.length > 0) throw new UserError(`The environment is wrong:\n  ${mistakes.join('\n  ')}`, 78)
  return settings
}

function unknownNames(env: Environment): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('METALGAP_') && !Object.hasOwn(VARIABLES, name))
    .map((name) => {
      const known = nearest(name, Object.keys(VARIABLES))
      return `${name} is not known${known === null ? '' : `; did you mean ${known}?`}`
    })
}

/** What the variable says, or the file that its `_FILE` twin names; undefined when neither is set. */
function fileOr(env: Environment, name: string, mistakes: string[]): string | undefined {
  const path = URLS.includes(name) ? env[`${name}_FILE`] : undefined
  if (env[name] || !path) return env[name] || undefined
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    mistakes.push(`${name}_FILE names ${path}, which cannot be read: ${(error as Error).message}`)
    return undefined
  }
}
