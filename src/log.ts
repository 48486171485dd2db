/** One log for everything; what could hold a secret is redacted by name. */
import { type Logger, pino } from 'pino'

export type Log = Logger

const SECRET_KEYS = [
  'url',
  'secret',
  'secrets',
  'key',
  'token',
  'password',
  'authorization',
  'DATABASE_URL',
  'REDIS_URL',
  // of errors: the url that could not be read, the command of Redis with its words
  'input',
  'command',
]

/** `level` is a pino level. Logs go to stderr (pretty on a terminal), so that stdout carries data only. */
export function openLog(level: string, pretty: boolean): Log {
  const redact = { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: '[secret]' }
  if (!pretty) return pino({ level, redact }, pino.destination({ dest: 2, sync: true }))
  return pino({
    level,
    redact,
    transport: {
      target: 'pino-pretty',
      options: { destination: 2, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' },
    },
  })
}
