/** `metalgap rules test FILE...`: stories of prices, and what the rules must make of them. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { Argument } from 'commander'
import { printLines, printObject } from '../command-line/print.ts'
import { type Config, readConfig } from '../config.ts'
import { UserError } from '../errors.ts'
import { type Failure, tellStory } from '../rule-tests/run.ts'
import { readStories } from '../rule-tests/story.ts'
import type { Settings } from '../settings.ts'
import { painter } from '../table.ts'
import { openWriter } from '../terminal.ts'
import { counted } from '../text.ts'
import { whyUnreadable } from '../unreadable.ts'
import type { CommandFile } from './command.ts'

const WANTING = 3
const SHIPPED = 'rules-tests'

interface Told {
  file: string
  story: string
  /** null: as expected */
  failure: Failure | null
}

export default {
  summary:
    'tells stories of prices to the rules and checks what they make of them; exit code 3 when one differs',
  examples: [
    'rules test',
    'rules test config/rules-tests/silver-gap.yaml',
    'rules test config/rules-tests --json    # in CI: exit code 3 when a story ends otherwise',
  ],
  reads: true,
  configure(program) {
    program
      .addArgument(new Argument('<action>', 'what to do').choices(['test']))
      .argument(
        '[files...]',
        `YAML files or folders of them; default: the folder ${SHIPPED} of the configuration`,
      )
  },
  async run({ args: [, ...given], options: { json = false } }, settings) {
    const files = await filesOf(given.length > 0 ? given : [relative('', join(settings.config, SHIPPED))])
    const told = await tellAll(files, settings)
    const failed = told.filter(({ failure }) => failure !== null).length
    if (json) printObject({ stories: told.length, failed, told })
    else await printLines(report(told, failed))
    return failed > 0 ? WANTING : 0
  },
} satisfies CommandFile<{ json?: boolean }>

async function filesOf(given: readonly string[]): Promise<string[]> {
  const files: string[] = []
  for (const path of given) {
    const found = await stat(path).catch((error) => unreadable(path, error))
    if (!found.isDirectory()) files.push(path)
    else {
      const names = await readdir(path)
      files.push(...names.filter((name) => /\.ya?ml$/.test(name)).map((name) => join(path, name)))
    }
  }
  if (files.length === 0) throw new UserError(`${given.join(', ')}: no *.yaml in it`)
  return files.toSorted()
}

function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error) => unreadable(file, error))
}

function unreadable(path: string, error: unknown): never {
  throw new UserError(`${path}: ${whyUnreadable(error)}`)
}

async function tellAll(files: readonly string[], settings: Settings): Promise<Told[]> {
  const configs = new Map<string, Config>()
  const told: Told[] = []
  for (const file of files) {
    const { stories, config: beside } = readStories(file, await textOf(file))
    const folder = beside === null ? settings.config : join(dirname(file), beside)
    const config = configs.get(folder) ?? (await readConfig(folder, settings.env, new Date()))
    configs.set(folder, config)
    for (const story of stories) told.push({ file, story: story.story, failure: tellStory(config, story) })
  }
  return told
}

function report(told: readonly Told[], failed: number): string[] {
  const paint = painter(openWriter(process.stdout).colour)
  const lines = told.flatMap(({ file, story, failure }) => {
    if (failure === null) return [`${paint('green', 'ok')}    ${story}`]
    return [
      `${paint('red', 'WRONG')} ${story}`,
      `      ${file}:${failure.line}, at ${failure.time}:`,
      ...failure.expected.map((text) => `      ${paint('green', `expected ${text}`)}`),
      ...failure.found.map((text) => `      ${paint('red', `found    ${text.split('\n')[0]}`)}`),
    ]
  })
  return [
    ...lines,
    `${counted(told.length, 'story', 'stories')}, ${failed === 0 ? 'all as expected' : `${failed} otherwise`}.`,
  ]
}
