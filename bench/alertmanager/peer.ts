/** Debian's prometheus-alertmanager as a process, with one receiver of the kind that is tried. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../tests/redis.ts'

export interface Peer {
  /** the source says that it burns, or that it is over */
  alert(firing: boolean): Promise<void>
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
  /** again, on the same storage */
  start(): Promise<void>
}

export const GROUP_WAIT_MS = 1_000
export const GROUP_INTERVAL_MS = 5_000

/** `receiver` is YAML: `webhook_configs: [...]` or `slack_configs: [...]`. */
export async function openPeer(folder: string, receiver: string, text = 'silver'): Promise<Peer> {
  mkdirSync(folder, { recursive: true })
  const config = join(folder, 'alertmanager.yml')
  writeFileSync(
    config,
    `route: { receiver: it, group_wait: 1s, group_interval: 5s, repeat_interval: 4h }\nreceivers: [{ name: it, ${receiver} }]\n`,
  )
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const options = [
    ...[`--config.file=${config}`, `--storage.path=${join(folder, 'data')}`],
    ...[`--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address=', '--log.level=error'],
  ]
  const launch = async () => {
    const child = spawn('prometheus-alertmanager', options, { stdio: 'ignore' })
    for (let tries = 0; tries < 100; tries++) {
      const ready = await fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      )
      if (ready) return child
      await sleep(100)
    }
    throw new Error('alertmanager did not start')
  }
  let child = await launch()
  return {
    async alert(firing) {
      const now = Date.now()
      const ends = new Date(firing ? now + 600_000 : now - 1_000).toISOString()
      const labels = { alertname: 'gap', metal: text }
      const body = JSON.stringify([{ labels, startsAt: new Date(now - 60_000).toISOString(), endsAt: ends }])
      const headers = { 'content-type': 'application/json' }
      await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body })
    },
    async end(signal) {
      const ended = once(child, 'exit')
      child.kill(signal)
      await ended
    },
    async start() {
      child = await launch()
    },
  }
}
