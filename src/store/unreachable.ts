/** Tells a database that cannot be reached from a statement that is wrong. */
import { UserError } from '../errors.ts'

const NETWORK = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'EACCES',
  'ERR_INVALID_URL',
]
/** SQLSTATE classes: connection, authorization, no such database, too many connections, shutting down or starting up */
const REFUSED = /^(08...|28...|3D000|53300|57P0[1235])$/
const BROKEN =
  /^(Connection terminated|timeout e|Client has encountered a connection error|The server does not support SSL)/

/** The error as it is to be thrown: a UserError (69) in place of one that says "no database", else unchanged. */
export function readableError(error: unknown, url: string): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (!NETWORK.includes(code) && !REFUSED.test(code) && !BROKEN.test(error.message)) return error
  const what = error.message || (error instanceof AggregateError ? error.errors.map(String).join('; ') : code)
  return new UserError(`The database ${databaseName(url)} cannot be used: ${what}. ${advice(code)}`, 69, {
    cause: error,
  })
}

/** host, port and database of a connection string; never the password. */
export function databaseName(url: string): string {
  try {
    const { hostname, port, pathname, searchParams } = new URL(url)
    const name = decodeURIComponent(pathname.slice(1)) || '(the default)'
    return `${name} at ${searchParams.get('host') ?? (hostname || 'localhost')}:${port || '5432'}`
  } catch {
    return '(the url cannot be read)'
  }
}

function advice(code: string): string {
  if (code.startsWith('28')) return 'Check user and password in DATABASE_URL.'
  if (code === '3D000') return 'Create it, or check the name in DATABASE_URL.'
  if (code === '53300') return 'Raise max_connections of the server, or stop what uses it.'
  return 'Check DATABASE_URL and that the server runs.'
}

/** Whether Postgres refused with one of these SQLSTATEs. */
export function isSqlState(error: unknown, states: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && states.includes(String(error.code))
}
