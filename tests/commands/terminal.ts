/** A terminal for tests: a configuration folder of its own, and the real executable in a process of its own. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { CHANNELS } from '../config.ts'
import { SILVER } from '../world.ts'

export interface Ran {
  code: number
  stdout: string
  stderr: string
}

export interface Terminal extends Disposable {
  folder: string
  /** `metalgap('prices', '--json')` */
  metalgap(...args: string[]): Promise<Ran>
}

/** `files` stand in the configuration folder, `env` is all that the process knows of its surroundings. */
export function openTerminal(
  files: Record<string, string> = {},
  env: Record<string, string | undefined> = {},
): Terminal {
  const folder = mkdtempSync(join(tmpdir(), 'metalgap-terminal-'))
  const texts = { 'metals/silver.yaml': SILVER, 'channels.yaml': CHANNELS, ...files }
  for (const [name, text] of Object.entries(texts)) {
    const path = join(folder, 'config', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  const { PATH, HOME } = process.env
  const around = {
    PATH,
    HOME,
    METALGAP_CONFIG: join(folder, 'config'),
    METALGAP_DATA: join(folder, 'data'),
    ...env,
  }
  return {
    folder,
    metalgap: (...args) =>
      new Promise((resolve) => {
        execFile(
          process.execPath,
          ['bin/metalgap.js', ...args],
          { env: around, maxBuffer: 64 * 1024 * 1024 },
          (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
        )
      }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Every line is one JSON object. */
export function jsonLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
