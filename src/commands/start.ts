/** `metalgap start`: the live product. */
import { parseRoles, ROLES } from '../../workers/roles.ts'
import type { CommandFile } from './command.ts'

interface Options {
  roles: string
  migrate: boolean
}

export default {
  summary: 'polls, compares and alerts until it is stopped',
  examples: ['start', 'start --roles poll,evaluate', 'start --no-migrate'],
  configure(program) {
    program
      .option('--roles <list>', `what this process does: ${ROLES.join(', ')}`, ROLES.join(','))
      .option('--no-migrate', 'refuse to run on an older schema instead of migrating it')
  },
  async run({ options }, settings) {
    const roles = parseRoles(options.roles)
    const { start } = await import('../../workers/main.ts')
    await start({ settings, roles, migrate: options.migrate })
    return 0
  },
} satisfies CommandFile<Options>
