/** `metalgap export`: prices and premiums as CSV. */
import { once } from 'node:events'
import { Argument, Option } from 'commander'
import { instant } from '../command-line/options.ts'
import { noSuch } from '../nearest.ts'
import { asOwner } from '../open-database.ts'
import type { Database } from '../store/database.ts'
import { exportPremiums, exportPrices, storedNames } from '../store/export.ts'
import type { CommandFile } from './command.ts'

interface Options {
  from?: Date
  to?: Date
}

export default {
  summary: 'prints prices or premiums as CSV; what it prints of prices, import reads',
  examples: [
    'export prices lbma/silver > silver.csv',
    'export prices | gzip > prices.csv.gz',
    'export premiums silver-live --from 2026-01-01 > premiums.csv',
  ],
  configure(program) {
    program
      .addArgument(new Argument('<what>', 'what to print').choices(['prices', 'premiums']))
      .argument('[name]', 'a series of prices, a pair of premiums; default: all')
      .addOption(new Option('--from <time>', 'from this time on').argParser(instant))
      .addOption(new Option('--to <time>', 'and before this one').argParser(instant))
  },
  async run({ args: [what, of = null], options: { from = null, to = null } }, settings) {
    const write = what === 'prices' ? exportPrices : exportPremiums
    return asOwner(settings, async (database) => {
      if (of !== null) await requireStored(database, what === 'prices' ? 'series' : 'pair', of)
      for await (const chunk of write(database.url, { of, from, to }))
        if (!process.stdout.write(chunk)) await once(process.stdout, 'drain')
      return 0
    })
  },
} satisfies CommandFile<Options>

async function requireStored(database: Database, what: 'series' | 'pair', name: string): Promise<void> {
  const known = await storedNames(database, what)
  if (!known.includes(name)) throw noSuch(what, name, known)
}
