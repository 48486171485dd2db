/** What every part of the pipeline is handed: nothing is reached for, everything is passed. */
import type { Config } from './config.ts'
import type { Log } from './log.ts'
import type { Database } from './store/database.ts'

export interface Context {
  config: Config
  database: Database
  log: Log
  /** the clock, read at the edges only; the simulator and the tests hand in another */
  now(): Date
  /** aborted when the process must stop at once */
  life: AbortSignal
}
