import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it, onTestFinished, test } from 'vitest'
import { readSettings } from '../../src/settings.ts'

const mistakes = (env: Record<string, string>): string[] => {
  try {
    readSettings(env)
    return []
  } catch (error) {
    expect(error).toMatchObject({ exitCode: 78 })
    return (error as Error).message.split('\n  ').slice(1)
  }
}

test('nothing set: everything is embedded, below the folder in which one stands', () => {
  const { env, ...settings } = readSettings({})
  expect(env).toEqual({})
  expect(settings).toEqual({
    config: resolve('config'),
    data: resolve('.metalgap'),
    host: '127.0.0.1',
    port: 8640,
    logLevel: 'info',
  })
})

test('a password that Redis could not be told is a mistake, and not shown', () => {
  for (const password of ['hid%zzden', 'hid%ffden'])
    expect(mistakes({ REDIS_URL: `redis://:${password}@127.0.0.1:6379` })).toEqual([
      'REDIS_URL: expected redis://user:password@host:port or rediss://... (a % in the password is written %25)',
    ])
  expect(mistakes({ REDIS_URL: 'redis://:hid%25den@127.0.0.1:6379' })).toEqual([])
})

test('an empty variable counts as unset', () => {
  expect(readSettings({ DATABASE_URL: '', REDIS_URL: '', METALGAP_PORT: '' })).toMatchObject({ port: 8640 })
})

describe('METALGAP_PORT', () => {
  it.for([
    ['off', 'off'],
    ['0', 0],
    ['65535', 65_535],
  ] as const)('%s', ([text, port]) => {
    expect(readSettings({ METALGAP_PORT: text }).port).toBe(port)
  })

  it.for(['65536', '-1', 'on', '80.5', ' 80'])('"%s" is refused', (text) => {
    expect(mistakes({ METALGAP_PORT: text })).toEqual([
      `METALGAP_PORT is "${text}": expected a port from 0 (any free one) to 65535, or off`,
    ])
  })
})

test('every mistake is told at once, a url is never shown', () => {
  const told = mistakes({
    DATABASE_URL: 'mysql://root:hush@db/metalgap',
    REDIS_URL: 'hush',
    LOG_LEVEL: 'loud',
    METALGAP_PROT: '1',
    METALGAP_ELSEWHERE: '1',
  })
  expect(told).toEqual([
    'METALGAP_PROT is not known; did you mean METALGAP_PORT?',
    'METALGAP_ELSEWHERE is not known',
    'DATABASE_URL: expected postgres://user:password@host:port/database',
    'REDIS_URL: expected redis://user:password@host:port or rediss://... (a % in the password is written %25)',
    'LOG_LEVEL is "loud": expected one of trace, debug, info, warn, error, fatal, silent',
  ])
})

test('a url may stand in a file; one that cannot be read is told, the variable itself goes first', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'metalgap-settings-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'database')
  await writeFile(file, 'postgres://metalgap:hush@db/metalgap\n')
  expect(readSettings({ DATABASE_URL_FILE: file }).databaseUrl).toBe('postgres://metalgap:hush@db/metalgap')
  const both = readSettings({ DATABASE_URL_FILE: file, DATABASE_URL: 'postgres://elsewhere/x' })
  expect(both.databaseUrl).toBe('postgres://elsewhere/x')
  expect(mistakes({ REDIS_URL_FILE: join(folder, 'none') })[0]).toContain(
    `REDIS_URL_FILE names ${join(folder, 'none')}, which cannot be read`,
  )
})
