import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let folder: string
let running: ChildProcess | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'metalgap-simulate-'))
})
afterEach(() => running?.kill('SIGKILL'))

function metalgap(...args: string[]) {
  const child = spawn(process.execPath, ['bin/metalgap.js', 'simulate', ...args])
  running = child
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    said.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    said.err += chunk
  })
  return { child, said, ended: once(child, 'close') }
}

/** The base url that the command prints once it listens. */
async function listening({ child, said, ended }: ReturnType<typeof metalgap>): Promise<string> {
  const exited = ended.then(() => {
    throw new Error(`it ended: ${said.err}`)
  })
  while (!said.out.includes('ecb:')) await Promise.race([once(child.stdout, 'data'), exited])
  return /http:\/\/[\d.:]+/.exec(said.out)?.[0] ?? ''
}

const recording = async () => {
  const file = join(folder, 'prices.csv')
  await writeFile(file, 'date,series,price\n2030-01-15,lbma/silver,41.005\n2030-01-16,lbma/silver,42.5\n')
  return file
}

describe('metalgap simulate', () => {
  test('serves a recording day by day to whoever drives its clock, and ends cleanly', async () => {
    const command = metalgap('--prices', await recording(), '--speed', '0')
    const url = await listening(command)
    const days = async () =>
      ((await (await fetch(`${url}/json/silver.json`)).json()) as { d: string }[]).map(({ d }) => d)
    expect(await days()).toEqual(['2030-01-15'])
    await fetch(`${url}/simulator/clock`, {
      method: 'POST',
      body: JSON.stringify({ step_ms: 24 * 3_600_000 }),
    })
    expect(await days()).toEqual(['2030-01-15', '2030-01-16'])
    command.child.kill('SIGTERM')
    expect(await command.ended).toEqual([0, null])
    expect(command.said.err).toContain('SIMULATED PRICES. 2 prices of 1 series from 2030-01-15T12:00:00.000Z')
  })

  test('points a configuration at itself and leaves the rest of it as it was', async () => {
    await writeFile(
      join(folder, 'feeds.yaml'),
      'feeds:\n  sina:\n    # every minute is enough\n    schedule: "* * * * *"\n',
    )
    const url = await listening(metalgap('--write-config', folder, '--faults', 'sina=503*2'))
    const feeds = await readFile(join(folder, 'feeds.yaml'), 'utf8')
    expect(feeds).toContain(`# every minute is enough\n    schedule: "* * * * *"\n    base_url: ${url}\n`)
    expect(await readFile(join(folder, 'network.yaml'), 'utf8')).toBe('allow_private:\n  - 127.0.0.0/8\n')
    expect((await fetch(`${url}/list=hf_XAG`)).status).toBe(503)
  })

  test.for([
    ['--speed=-1', 2, 'Expected a number of at least 0'],
    ['--from=noon', 2, 'Expected an ISO time'],
    ['--faults=sina=sulks', 2, 'found "sina=sulks", expected FEED=FAULT'],
    ['--prices=/nowhere.csv', 1, '/nowhere.csv: there is no such file'],
  ] as const)('refuses %s with exit code %i', async ([argument, code, problem]) => {
    const command = metalgap(argument)
    expect(await command.ended).toEqual([code, null])
    expect(command.said.err).toContain(problem)
  })
})
