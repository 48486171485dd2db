/** Preloaded into a process (`node --import`): the last line of its stderr is the memory that it held at its most, KiB. */
import { writeSync } from 'node:fs'

process.once('exit', () => writeSync(2, `\n${process.resourceUsage().maxRSS}`))
