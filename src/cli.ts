/** The command line: finds the command on its shelf, hands it what was given, turns what it throws into an exit code. */
import { Command, CommanderError } from 'commander'
import type { CommandFile } from './commands/command.ts'
import { UserError } from './errors.ts'
import { readSettings } from './settings.ts'
import { loadOne, loadShelf } from './shelf.ts'
import { VERSION } from './version.ts'

const WRONG_USAGE = 2
const SHELF = new URL('./commands/', import.meta.url)

/** Runs one command line (without `node` and the script) and sets the exit code of the process. */
export async function main(argv: readonly string[]): Promise<void> {
  // `metalgap prices | head`: nobody reads any more, which is no mistake
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit()
      throw error
    })
  }
  process.exitCode = await exitCodeOf(argv)
}

async function exitCodeOf(argv: readonly string[]): Promise<number> {
  let exitCode = 0
  const program = describe(await commandsFor(argv), (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    return explain(error)
  }
}

/** The one that is named, since loading all of them takes longer than most of them run; for help and mistakes all. */
async function commandsFor([name = '']: readonly string[]): Promise<Record<string, CommandFile>> {
  const one = await loadOne<CommandFile>(SHELF, 'command.ts', name)
  return one === null ? loadShelf<CommandFile>(SHELF, 'command.ts') : { [name]: one }
}

function describe(commands: Record<string, CommandFile>, done: (exitCode: number) => void): Command {
  const program = new Command('metalgap')
    .description('Watches the price gap of a metal between China and the West, and tells you when it opens.')
    .version(VERSION)
    .exitOverride()
  for (const [name, file] of Object.entries(commands)) {
    const command = program.command(name).description(file.summary)
    file.configure?.(command)
    if (file.reads) command.option('--json', 'data for programs: one JSON object, or one a line')
    command.addHelpText('after', examplesOf(file))
    command.action(async () => {
      done((await file.run({ args: command.args, options: command.opts() }, readSettings())) ?? 0)
    })
  }
  return program
}

function examplesOf({ examples }: CommandFile): string {
  return `\nExamples:\n${examples.map((line) => `  $ metalgap ${line}`).join('\n')}`
}

/** Says on stderr what went wrong, unless commander or the broken pipe already did; answers the exit code. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE
  if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return 0
  if (error instanceof UserError) {
    console.error(`metalgap: ${error.message}`)
    return error.exitCode
  }
  // its other properties may hold what it was about: a url, a command with its password
  console.error(error instanceof Error ? error.stack : error)
  return 1
}
