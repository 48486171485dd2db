/**
 * The contract of the shelf `src/commands/`: one file a command, the file's name is the command. A command reads its
 * settings from what it is handed, prints data on stdout and everything else on stderr, and closes what it opened.
 */
import type { Command } from 'commander'
import type { Settings } from '../settings.ts'

/** Exit code: something was checked and found wanting. */
export const FOUND_WANTING = 3

/** What stood on the command line after the command's name. */
export interface Given<Options = Record<string, unknown>> {
  args: string[]
  options: Options
}

export interface CommandFile<Options = Record<string, unknown>> {
  /** one line, for the list of commands */
  summary: string
  /** whole lines without the word `metalgap`: `premiums --pair silver-live --json` */
  examples: readonly string[]
  /** a reading command gets the option --json */
  reads?: boolean
  /** arguments and options of its own */
  configure?(program: Command): void
  /**
   * Answers the exit code, nothing for 0. Throws a UserError for what a person can mend: its message goes to stderr,
   * its exit code to the shell.
   */
  run(given: Given<Options>, settings: Settings): Promise<number | undefined>
}
