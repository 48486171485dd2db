import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Exchanges extends AsyncDisposable {
  url: string
  /** the next second: high prices turn low, low ones high */
  step(): Promise<void>
  /** lets time go by, so many simulated seconds in a real one; 0 stands still */
  run(speed: number): Promise<void>
}

/** Starts the exchanges in a process of their own; their clock stands still, some hours ago, until it is moved. */
export async function openExchanges(): Promise<Exchanges> {
  const child = fork(fileURLToPath(new URL('./exchanges-process.ts', import.meta.url)))
  const [url] = (await once(child, 'message')) as [string]
  const clock = async (wish: object) => {
    const reply = await fetch(`${url}/simulator/clock`, { method: 'POST', body: JSON.stringify(wish) })
    if (!reply.ok) throw new Error(`the exchanges' clock: ${await reply.text()}`)
    await reply.arrayBuffer()
  }
  return {
    url,
    step: () => clock({ step_ms: 1000 }),
    run: (speed) => clock({ speed }),
    async [Symbol.asyncDispose]() {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}
