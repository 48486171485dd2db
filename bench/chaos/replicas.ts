/** Replicas as processes: they are killed, they die where they were told to, and they are started again. */
import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { POINTS } from './probe.ts'
import type { Chance } from './random.ts'

const SCRIPT = fileURLToPath(new URL('./replica.ts', import.meta.url))

export interface Replicas extends AsyncDisposable {
  /** kills one at random; it is started again */
  kill(): void
  /** lets so much time go by for all of them */
  pass(ms: number): void
  /** from now on none dies at a named point any more */
  spare(): Promise<void>
  /** deaths by cause; `by itself` is a mistake of the product */
  deaths: ReadonlyMap<string, number>
}

interface Replica {
  child: ChildProcess
  ready: boolean
  /** why it will die next, if it is killed */
  cause: string
}

const NO_DATABASE = 69

/** Every one of them will die at one of the named points, each in turn, and is started again. */
export async function openReplicas(count: number, env: NodeJS.ProcessEnv, chance: Chance): Promise<Replicas> {
  const causes = [...POINTS, 'at random', 'no database at the start', 'by itself']
  const deaths = new Map<string, number>(causes.map((cause) => [cause, 0]))
  let offset = 0
  let started = 0
  let spared = false
  let ended = false
  const fresh = (): Replica => {
    const point = spared ? '-' : (POINTS[started++ % POINTS.length] as string)
    const nth = chance.between(1, 15)
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const
    const child = fork(SCRIPT, [String(offset), point, String(nth)], { env, stdio: [...stdio] })
    const replica = { child, ready: false, cause: point }
    child.once('message', () => {
      replica.ready = true
    })
    child.once('exit', (code, signal) => bury(replica, code, signal))
    return replica
  }
  const bury = (replica: Replica, code: number | null, signal: string | null) => {
    if (ended) return
    const unready = !replica.ready && code === NO_DATABASE
    const cause = signal === 'SIGKILL' ? replica.cause : unready ? 'no database at the start' : 'by itself'
    deaths.set(cause, (deaths.get(cause) ?? 0) + 1)
    setTimeout(
      () => {
        if (!ended) all[all.indexOf(replica)] = fresh()
      },
      chance.between(50, 500),
    )
  }
  const shoot = (replica: Replica) => {
    if (replica.child.exitCode !== null || replica.child.signalCode !== null) return
    replica.cause = 'at random'
    replica.child.kill('SIGKILL')
  }
  const all = Array.from({ length: count }, fresh)
  return {
    deaths,
    kill: () => shoot(chance.pick(all)),
    pass(ms) {
      offset += ms
      for (const { child } of all) if (child.connected) child.send(offset, () => {})
    },
    async spare() {
      spared = true
      for (const replica of all) shoot(replica)
      await sleep(1_000)
    },
    async [Symbol.asyncDispose]() {
      ended = true
      for (const { child } of all) child.kill('SIGKILL')
      await sleep(300)
    },
  }
}
