/** How the code hangs together; docs/architecture.md says why. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, normalize } from 'node:path'
import { expect, test } from 'vitest'

const FILES = globSync(['src/**/*.ts', 'workers/**/*.ts', 'bin/*.js']).map((path) => {
  const text = readFileSync(path, 'utf8')
  const imports = [...text.matchAll(/(?:from|import)\s*\(?'([^'\n]+)'\)?;?$/gm)].map(([, to = '']) =>
    to.startsWith('.') ? normalize(`${dirname(path)}/${to}`) : to,
  )
  return { path, text, code: text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''), imports }
})

const within = (...folders: string[]) =>
  FILES.filter(({ path }) => folders.some((folder) => path.startsWith(folder)))
const outside = (...folders: string[]) =>
  FILES.filter(({ path }) => !folders.some((folder) => path.startsWith(folder)))
const importing = (files: typeof FILES, of: (to: string) => boolean) =>
  files.flatMap(({ path, imports }) => imports.filter(of).map((to) => `${path} -> ${to}`))
const naming = (files: typeof FILES, what: RegExp) =>
  files.filter(({ code }) => what.test(code)).map(({ path }) => path)

test('the engine imports nothing outside itself', () => {
  expect(importing(within('src/engine/'), (to) => !to.startsWith('src/engine/'))).toEqual([])
})

test('the engine, the feeds and the channels have no clock', () => {
  expect(
    naming(within('src/engine/', 'src/feeds/', 'src/reading/'), /Date\.now\(|new Date\(\)|performance\./),
  ).toEqual([])
})

test.for([
  ['bullmq', 'workers/'],
  ['ioredis', 'workers/'],
  ['node-cron', 'workers/'],
  ['pg', 'src/store/'],
  ['node-pg-migrate', 'src/store/'],
  ['undici', 'src/http.ts'],
  ['pino', 'src/log.ts'],
  ['nodemailer', 'src/smtp.ts'],
] as const)('%s has one door: %s', ([name, door]) => {
  expect(importing(outside(door), (to) => to === name || to.startsWith(`${name}/`))).toEqual([])
})

test('the environment is read in the settings and where secrets are resolved from what the settings hand over', () => {
  expect(naming(outside('src/settings.ts', 'bin/'), /process\.env/)).toEqual([])
})

test('imports point one way: nothing below knows the workers, and only commands and workers know the commands', () => {
  const below = outside('workers/', 'src/commands/', 'src/cli.ts', 'bin/')
  expect(importing(below, (to) => to.startsWith('workers/') || to.startsWith('src/commands/'))).toEqual([])
  const shelves = within('src/feeds/', 'src/channels/', 'src/reading/', 'src/store/')
  expect(importing(shelves, (to) => to === 'src/pipeline.ts' || to === 'src/context.ts')).toEqual([])
})

test('a feed does not know another feed, nor a channel another channel', () => {
  const across = (folder: string, contract: string) =>
    importing(within(folder), (to) => to.startsWith(folder) && to !== `${folder}${contract}`)
  expect([...across('src/feeds/', 'feed.ts'), ...across('src/channels/', 'channel.ts')]).toEqual([])
})

test('SQL is written in the store and in the migrations', () => {
  expect(
    naming(outside('src/store/', 'src/commands/'), /\b(insert into|delete from|update) metalgap\./),
  ).toEqual([])
})

test('a file is one thing: none is longer than 250 lines', () => {
  expect(FILES.filter(({ text }) => text.split('\n').length > 251).map(({ path }) => path)).toEqual([])
})

test('no two tests of a file have the same title', () => {
  for (const path of globSync('tests/**/*.test.ts')) {
    const titles = [...readFileSync(path, 'utf8').matchAll(/^\s*test\('([^']+)'/gm)].map(([, title]) => title)
    expect(new Set(titles).size, path).toBe(titles.length)
  }
})
