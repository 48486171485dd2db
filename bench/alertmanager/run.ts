/**
 * The same eight faults done to Debian's Alertmanager and to Metalgap: `node bench/alertmanager/run.ts`. What stands in
 * capitals is what nobody wants. Alertmanager runs with group_wait 1 s and group_interval 5 s (default 30 s and 5 min).
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { openLog } from '../../src/log.ts'
import { openDatabase } from '../../src/store/database.ts'
import { openEmbedded } from '../../src/store/embedded.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openFolder } from '../lib/folder.ts'
import { FAULTS, type Fault, settingsOf } from './faults.ts'
import { openPeer } from './peer.ts'
import { openProcess } from './product.ts'
import { openReceiver } from './receiver.ts'
import { openUs } from './us.ts'

const version = spawnSync('prometheus-alertmanager', ['--version'], { encoding: 'utf8' })
if (version.status !== 0) {
  console.error(
    'prometheus-alertmanager is not installed (apt-get install prometheus-alertmanager): not compared.',
  )
  process.exit(0)
}
using folder = openFolder()
await using embedded = await openEmbedded({ data: folder.path, log: openLog('error', false) })
await migrate(embedded.url)
await using database = openDatabase(embedded.url, { max: 4 })

const [, theirVersion = '?'] = /version (\S+)/.exec(version.stdout + version.stderr) ?? []
print('fault', `Alertmanager ${theirVersion}`, 'Metalgap')
for (const [index, fault] of FAULTS.entries()) {
  const [theirs, ours] = await Promise.all([doneToPeer(fault, index), doneToUs(fault)])
  print(fault.name, theirs, ours)
}

async function doneToPeer(fault: Fault, index: number): Promise<string> {
  await using receiver = await openReceiver()
  const more = fault.theirs === undefined ? '' : `, ${fault.theirs}`
  const config =
    fault.kind === 'slack'
      ? `slack_configs: [{ api_url: '${receiver.url}/hook', channel: x, send_resolved: true${more} }]`
      : `webhook_configs: [{ url: '${receiver.url}/hook', send_resolved: true${more} }]`
  const peer = await openPeer(join(folder.path, `peer-${index}`), config, fault.label)
  try {
    await fault.peer(peer, receiver)
    return fault.told(receiver)
  } finally {
    await peer.end('SIGKILL')
  }
}

async function doneToUs(fault: Fault): Promise<string> {
  await using receiver = await openReceiver()
  if (fault.us) {
    await fault.us(await openUs(database, fault.kind, settingsOf(fault, receiver.url)), receiver)
  } else {
    await using product = await openProcess(folder.path, database, `${receiver.url}/hook`)
    await fault.product?.(product, receiver)
  }
  return fault.told(receiver)
}

function print(...cells: [string, string, string]): void {
  console.log(cells.map((cell, i) => cell.padEnd([28, 40, 0][i] ?? 0)).join(''))
}
