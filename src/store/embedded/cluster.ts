/** Makes the cluster, whole or not at all, and keeps the password of its superuser. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../errors.ts'
import { PLAIN_ENVIRONMENT } from './binaries.ts'
import type { Home } from './home.ts'

/** not `metalgap`: a role named like a schema has it on its search_path, and would hide what others must qualify */
export const SUPERUSER = 'metalgap_owner'
const MAJOR = '18'
const HALF = 'cluster.new-'

/** Makes the cluster unless it is there. It gets its name when it is whole; what a kill left half made is swept away. */
export async function ensureCluster(home: Home, bin: string, durable: boolean): Promise<void> {
  const version = join(home.cluster, 'PG_VERSION')
  if (existsSync(version)) {
    requireMajor(home, readFileSync(version, 'utf8').trim())
    return
  }
  for (const name of readdirSync(home.folder).filter((name) => name.startsWith(HALF)))
    sweep(join(home.folder, name))
  writeFileSync(join(home.folder, 'password'), randomBytes(24).toString('base64url'), { mode: 0o600 })
  const half = mkdtempSync(join(home.folder, HALF))
  const passwordFile = `${half}.password`
  writeFileSync(passwordFile, password(home), { mode: 0o600 })
  for (const path of [half, passwordFile]) give(home, path)
  await initdb(home, bin, half, passwordFile, durable)
  rmSync(passwordFile)
  renameSync(half, home.cluster)
}

/** An initdb whose parent was killed may still be writing there: it fails, and the next start sweeps again. */
function sweep(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch {}
}

/** The superuser's password; only the user who made the cluster can read it. */
export function password(home: Home): string {
  const file = join(home.folder, 'password')
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new UserError(
      `The password of the database, ${file}, cannot be read: ${String(cause)}. Start as the user who made it, or choose another METALGAP_DATA.`,
      69,
      { cause },
    )
  }
}

function give(home: Home, path: string): void {
  if (home.account) chownSync(path, home.account.uid, home.account.gid)
}

async function initdb(
  home: Home,
  bin: string,
  folder: string,
  passwordFile: string,
  durable: boolean,
): Promise<void> {
  const args = [
    '--pgdata',
    folder,
    '--username',
    SUPERUSER,
    '--pwfile',
    passwordFile,
    '--auth',
    'scram-sha-256',
  ]
  args.push(
    '--encoding',
    'UTF8',
    '--locale',
    'C',
    '--locale-provider',
    'builtin',
    '--builtin-locale',
    'C.UTF-8',
  )
  args.push('--set', 'dynamic_shared_memory_type=mmap') // a container's /dev/shm may be next to nothing
  if (!durable) args.push('--no-sync')
  try {
    await execute(home, join(bin, 'initdb'), args)
  } catch (cause) {
    sweep(folder)
    sweep(passwordFile)
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UserError(`The database could not be made in ${home.folder}: ${why}`, 69, { cause })
  }
}

/** Throws an Error with what it said. In a session of its own: Ctrl-C at the terminal is for us, not for it. */
async function execute(home: Home, program: string, args: string[]): Promise<void> {
  const child = spawn(program, args, {
    ...home.account,
    ...{ cwd: home.folder, env: PLAIN_ENVIRONMENT, detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  })
  const said: Buffer[] = []
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk))
  const [code, signal] = await once(child, 'close')
  if (code === 0) return
  // It came before the child had its session, so nothing has run: initdb itself never dies of it.
  if (signal === 'SIGINT') return execute(home, program, args)
  throw new Error(Buffer.concat(said).toString().trim() || `${program} ended with ${code ?? signal}`)
}

function requireMajor(home: Home, found: string): void {
  if (found === MAJOR) return
  throw new UserError(
    `${home.cluster} was made by Postgres ${found}; this program brings ${MAJOR}. Copy its data with pg_dump, or choose another METALGAP_DATA.`,
    69,
  )
}
