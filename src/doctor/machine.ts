/** The machine: Node, disk, port. */
import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { runningIn } from '../run-file.ts'
import type { Settings } from '../settings.ts'
import { type Finding, fail, ok, reasonOf, warn } from './finding.ts'

const OLDEST_NODE = [24, 12]
const MIB = 1024 ** 2
const LITTLE = 1024 * MIB
const TOO_LITTLE = 200 * MIB

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number)
  const [oldest = 0, least = 0] = OLDEST_NODE
  const isNew = major > oldest || (major === oldest && minor >= least)
  return isNew
    ? ok('node', version)
    : fail('node', version, `Install Node ${OLDEST_NODE.join('.')} or newer.`)
}

/** Free space where the data lies, or will lie. */
export async function checkDisk(data: string): Promise<Finding> {
  let folder = data
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
  const { bavail, bsize } = await statfs(folder)
  const found = `${Math.floor((bavail * bsize) / MIB)} MiB free in ${folder}`
  if (bavail * bsize < TOO_LITTLE) return fail('disk', found, 'Make room, or move METALGAP_DATA.')
  return bavail * bsize < LITTLE
    ? warn('disk', found, 'Make room soon, or move METALGAP_DATA.')
    : ok('disk', found)
}

export async function checkPort({
  host,
  port,
  data,
}: Pick<Settings, 'host' | 'port' | 'data'>): Promise<Finding> {
  if (port === 'off' || port === 0) return ok('port', String(port))
  const run = runningIn(data)
  if (run?.port === port) return ok('port', `${port}, in use by our process ${run.pid}`)
  try {
    await listenOnce(host, port)
    return ok('port', `${host}:${port} is free`)
  } catch (error) {
    return fail('port', `${host}:${port}: ${reasonOf(error)}`, 'Choose another with METALGAP_PORT, or off.')
  }
}

function listenOnce(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, host, () => server.close(() => resolve()))
  })
}
