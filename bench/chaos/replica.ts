/**
 * One replica as a process: the real product on a clock that its parent moves ahead (a message is the offset in ms), so
 * that a schedule of days passes in minutes. Arguments: the offset at first, the point at which it dies, at which time.
 */
import { arm, POINTS } from './probe.ts'

const [first = '0', wanted = '', nth = '1'] = process.argv.slice(2)
const point = POINTS.find((one) => one === wanted)
if (point) arm(point, Number(nth))

const { readConfig } = await import('../../src/config.ts')
const { openLog } = await import('../../src/log.ts')
const { readSettings } = await import('../../src/settings.ts')
const { openProduct } = await import('../../workers/product.ts')
const { ROLES } = await import('../../workers/roles.ts')

let offset = Number(first)
process.on('message', (ahead) => {
  offset = Number(ahead)
})
process.once('disconnect', () => process.exit())
const now = () => new Date(Date.now() + offset)
const settings = readSettings()
const config = await readConfig(settings.config, settings.env, now())
const log = openLog(settings.logLevel, false)
try {
  const life = new AbortController().signal
  await openProduct({ settings, config, log, roles: ROLES, migrate: true, now, life, moved_clock: true })
  process.send?.('ready')
} catch {
  process.exit(69) // Postgres is being killed: whoever supervises the product starts it again
}
