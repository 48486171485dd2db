/** `metalgap doctor`: what on this machine would keep the product from working. */
import { column, printLines, printObject, tableOf } from '../command-line/print.ts'
import { type Config, readConfig } from '../config.ts'
import { checkConfiguration, checkSources } from '../doctor/configuration.ts'
import { checkDatabase } from '../doctor/database.ts'
import { type Finding, fail, ok, reasonOf, warn } from '../doctor/finding.ts'
import { checkDisk, checkNode, checkPort } from '../doctor/machine.ts'
import { openLog } from '../log.ts'
import { asOwner, hasEmbedded } from '../open-database.ts'
import type { Settings } from '../settings.ts'
import { type CommandFile, FOUND_WANTING } from './command.ts'

const now = () => new Date()

const columns = [
  column<Finding>('CHECK', ({ check }) => check),
  column<Finding>('', ({ is }) => (is === 'fail' ? 'FAIL' : is)),
  column<Finding>('FOUND', ({ found }) => found.split('\n')[0] ?? ''),
]

export default {
  summary:
    'checks this machine, the configuration, database and queue; exit code 3 when something is wanting',
  examples: ['doctor', 'doctor --online', 'doctor --json'],
  reads: true,
  configure(program) {
    program.option('--online', 'also ask every source that is polled')
  },
  async run({ options: { online = false, json = false } }, settings) {
    const findings = await examine(settings, online)
    const failed = findings.some(({ is }) => is === 'fail')
    if (json) printObject({ healthy: !failed, findings })
    else await printLines([...tableOf(findings, columns), ...adviceIn(findings)])
    return failed ? FOUND_WANTING : 0
  },
} satisfies CommandFile<{ online?: boolean; json?: boolean }>

async function examine(settings: Settings, online: boolean): Promise<Finding[]> {
  const config = await readConfig(settings.config, settings.env, now()).catch(reasonOf)
  return [
    checkNode(process.version),
    ...(await attempted('disk', () => checkDisk(settings.data).then((finding) => [finding]))),
    await checkPort(settings),
    ...aboutConfiguration(config),
    ...(await attempted('database', () => aboutDatabase(settings))),
    ...(await aboutRedis(settings)),
    ...(online && typeof config !== 'string' ? await checkSources(config, now) : []),
  ]
}

function aboutConfiguration(config: Config | string): Finding[] {
  if (typeof config !== 'string') return checkConfiguration(config)
  return [fail('config', config, 'Mend it; metalgap check shows every mistake.')]
}

async function aboutDatabase(settings: Settings): Promise<Finding[]> {
  if (settings.databaseUrl === undefined && !hasEmbedded(settings))
    return [ok('database', `none yet below ${settings.data}; metalgap start makes it`)]
  const { queueStanding } = await import('../../workers/queue-standing.ts')
  return asOwner(settings, async (database) => {
    const findings = await checkDatabase(database, now, settings.redisUrl === undefined)
    const { kind, problem } = await queueStanding(settings.redisUrl, database.url, openLog('silent', false))
    return [
      ...findings,
      problem === null ? ok('queue', kind) : fail('queue', problem, 'See above; then: metalgap migrate'),
    ]
  })
}

async function aboutRedis({ redisUrl }: Settings): Promise<Finding[]> {
  if (redisUrl === undefined) return []
  const { redisFacts } = await import('../../workers/redis-facts.ts')
  return attempted('redis', async () => {
    const { version, maxmemory_policy: policy } = await redisFacts(redisUrl)
    const found = `Redis ${version}, maxmemory-policy ${policy ?? 'not told'}`
    if (policy === 'noeviction') return [ok('redis', found)]
    return policy === null
      ? [warn('redis', found, 'Make sure that it is noeviction: a queue must not lose keys.')]
      : [
          fail(
            'redis',
            found,
            'Set maxmemory-policy noeviction: with any other it drops jobs when it is full.',
          ),
        ]
  })
}

async function attempted(check: string, examine: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await examine()
  } catch (error) {
    return [fail(check, reasonOf(error), 'The message says what to do.')]
  }
}

function adviceIn(findings: readonly Finding[]): string[] {
  const wanting = findings.filter(({ is }) => is !== 'ok')
  if (wanting.length === 0) return ['', 'All is well.']
  return ['', ...wanting.flatMap(({ check, found, advice }) => [`${check}: ${found}`, `  ${advice}`])]
}
