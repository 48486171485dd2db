/** What can be held of Dockerfile and docker-compose.yml without an engine. */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { readSettings } from '../../src/settings.ts'

const lines = (file: string) => readFileSync(file, 'utf8').split('\n')
const dockerfile = lines('Dockerfile')
const copied = dockerfile
  .filter((line) => line.startsWith('COPY '))
  .flatMap((line) => line.split(/\s+/).slice(1, -1))

interface Service {
  image?: string
  build?: string
  pull_policy?: string
  command?: string[]
  volumes?: string[]
  restart?: string
  environment?: Record<string, string>
  read_only?: boolean
  cap_drop?: string[]
  depends_on?: Record<string, object>
  healthcheck?: { test?: string[] }
}
const { services } = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
  services: Record<string, Service>
}
const ours = Object.entries(services).filter(([, { image }]) => image === 'metalgap')

/** `${NAME:-default}` and `${NAME:?why}` as compose would fill them in. */
const filled = (text: string) =>
  text.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name, sign, word) =>
    sign === '-' ? word : `a-${name}`,
  )
const environment = ({ environment = {} }: Service) =>
  Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, filled(text)]))

test('everything that the image copies is there, and reaches the builder', () => {
  const kept = lines('.dockerignore').flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []))
  expect(copied.length).toBeGreaterThan(5)
  expect(copied.filter((path) => !existsSync(path))).toEqual([])
  expect(copied.filter((path) => !kept.includes(path))).toEqual([])
  expect(kept.filter((path) => !copied.includes(path))).toEqual([])
})

test('what may lie about in a checkout does not reach the builder with the rest', () => {
  const rules = lines('.dockerignore').filter((line) => line !== '')
  const lastKept = rules.findLastIndex((line) => line.startsWith('!'))
  expect(rules.slice(lastKept + 1)).toEqual(expect.arrayContaining(['**/.env*', '**/.DS_Store']))
})

test('the user of the image can read everything, whatever the umask of the checkout', () => {
  const opened = dockerfile.find((line) => line.startsWith('RUN chmod -R a+rX '))?.split(' ') ?? []
  const onlyForNpm = ['package-lock.json', '.npmrc']
  expect(opened).toEqual(expect.arrayContaining(copied.filter((path) => !onlyForNpm.includes(path))))
})

test('`docker compose exec worker metalgap ...` finds the program', () => {
  const [, target] = /ln -s \/app\/(\S+) \/usr\/local\/bin\/metalgap$/m.exec(dockerfile.join('\n')) ?? []
  expect(target).toBe('bin/metalgap.js')
  expect(statSync('bin/metalgap.js').mode & 0o111).toBe(0o111)
  expect(dockerfile).toContain('ENTRYPOINT ["metalgap"]')
})

test('the image runs as a user other than root, and its settings are known', () => {
  expect(dockerfile).toContain('USER node')
  const told = dockerfile.flatMap((line) => (line.startsWith('ENV ') ? line.slice(4).split(' ') : []))
  const env = Object.fromEntries(told.map((pair) => pair.split('=') as [string, string]))
  expect(readSettings(env)).toMatchObject({ host: '0.0.0.0', data: '/tmp/metalgap' })
})

test('every service of ours has settings that are known, and a command that there is', () => {
  expect(ours.map(([name]) => name)).toEqual(['migrate', 'worker'])
  for (const [name, service] of ours) {
    const settings = readSettings(environment(service))
    expect(new URL(settings.databaseUrl ?? '').hostname, name).toBe('postgres')
    expect(new URL(settings.redisUrl ?? '').hostname, name).toBe('redis')
    expect(existsSync(`src/commands/${service.command?.[0]}.ts`), name).toBe(true)
  }
})

test('one service builds the image, the others take what it has built', () => {
  expect(ours.filter(([, { build }]) => build).map(([name]) => name)).toEqual(['migrate'])
  const { migrate, worker } = services
  expect([migrate?.pull_policy, worker?.pull_policy]).toEqual(['build', 'never'])
})

test('a mounted configuration does not hide the calendars that the image ships', () => {
  for (const [name, { environment = {}, volumes = [] }] of ours) {
    const { METALGAP_CONFIG: folder } = environment
    expect(volumes, name).toEqual([`./config:${folder}:ro`])
    expect(folder, name).not.toMatch(/^\/app\b/)
  }
})

test('migrations begin when Postgres takes connections, and a migration that fails ends the start', () => {
  const { postgres, migrate } = services
  expect(postgres?.healthcheck?.test).toContain('--host=127.0.0.1')
  expect(migrate?.restart).toBe('no')
})

test('no password is a word of a command, which everybody on the host can read', () => {
  const { redis } = services
  expect(redis?.command?.at(-1)).toContain('exec redis-server - <<END\n')
  for (const [name, { command = [], healthcheck }] of Object.entries(services))
    for (const word of [...command, ...(healthcheck?.test ?? [])])
      expect(word, name).not.toMatch(/--[a-z-]*pass/i)
})

test('every service is locked down, and waits only for services that there are', () => {
  for (const [name, service] of Object.entries(services)) {
    expect(service, name).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
    for (const other of Object.keys(service.depends_on ?? {})) expect(services, name).toHaveProperty(other)
  }
})

test('the secrets that the shipped channels name reach the container', () => {
  const text = readFileSync('config/channels.yaml', 'utf8')
  const named = [...text.matchAll(/\$\{(\w+_\w+)\}/g)].map(([, name]) => name)
  for (const [, { environment = {} }] of ours)
    expect(Object.keys(environment)).toEqual(expect.arrayContaining(named))
})

test('the files of the image are enough to run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'metalgap-image-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const path of copied) cpSync(path, join(folder, path), { recursive: true })
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  const run = (...args: string[]) =>
    execFileSync(process.execPath, ['bin/metalgap.js', ...args], {
      cwd: folder,
      env: { NODE_ENV: 'production' },
      encoding: 'utf8',
    })
  expect(run('check')).toContain('The configuration in')
  expect(run('--help')).toContain('redeliver')
  for (const command of ['start', 'migrate']) expect(run(command, '--help')).toContain('Examples')
})
