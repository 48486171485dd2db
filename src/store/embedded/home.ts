/** Where the cluster of a data folder lives, and which account runs it: Postgres refuses to run as root. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, lstatSync, readlinkSync, realpathSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UserError } from '../../errors.ts'
import { makeFolder } from '../../folder.ts'
import type { Log } from '../../log.ts'

const ELSEWHERE = '/var/lib/metalgap'

interface Account {
  uid: number
  gid: number
}

export interface Home {
  /** holds the cluster, its password, its log and the lock; no symbolic link in it */
  folder: string
  cluster: string
  log: string
  /** the account to become; undefined where we stay who we are */
  account: Account | undefined
}

/**
 * Finds or makes `<data>/postgres`. Where root's data folder cannot be entered by the account that must run the
 * server, the folder lies below /var/lib/metalgap and `<data>/postgres` is a link to it.
 */
export function settle(data: string, log: Log): Home {
  const link = join(resolve(data), 'postgres')
  makeFolder(dirname(link))
  requireNoStranger(dirname(link))
  const account = process.getuid?.() === 0 ? accountFor(link) : undefined
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink())
    makeFolder(resolve(dirname(link), readlinkSync(link)))
  if (!existsSync(link)) makeHome(link, account, log)
  const folder = realpathSync(link)
  requireOwnership(join(folder, 'cluster'), account)
  return { folder, cluster: join(folder, 'cluster'), log: join(folder, 'server.log'), account }
}

function makeHome(link: string, account: Account | undefined, log: Log): void {
  const reachable = !account || canEnter(account, dirname(link))
  const folder = reachable
    ? link
    : join(ELSEWHERE, createHash('sha256').update(link).digest('hex').slice(0, 16))
  makeFolder(folder)
  if (account) chmodSync(folder, 0o755)
  if (reachable) return
  chmodSync(ELSEWHERE, 0o755)
  log.info(`The database lies in ${folder}, since the account that runs it cannot enter ${dirname(link)}`)
  try {
    symlinkSync(folder, link)
  } catch (error) {
    if (!existsSync(link)) throw error // else another process was faster
  }
}

function canEnter(account: Account, folder: string): boolean {
  return (
    spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...account, cwd: '/', stdio: 'ignore' })
      .status === 0
  )
}

/** The owner of a cluster that exists already, else `postgres`, else `nobody`. */
function accountFor(link: string): Account {
  const owner = statSync(join(link, 'cluster'), { throwIfNoEntry: false })
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout?.trim(),
    )
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new UserError(
    'Postgres does not run as root, and there is no account "postgres" or "nobody" that it could run as. ' +
      'Add one, start as an ordinary user, or set DATABASE_URL.',
    69,
  )
}

const STICKY_FOR_ALL = 0o1002

/** Where everybody may make folders (/tmp), one that was there before us may be a trap: its owner would own what we put into it. */
function requireNoStranger(folder: string): void {
  const { uid } = lstatSync(folder)
  const us = process.getuid?.()
  const open = (statSync(dirname(folder)).mode & STICKY_FOR_ALL) === STICKY_FOR_ALL
  if (!open || us === undefined || uid === us || uid === 0) return
  throw new UserError(
    `${folder} was made by somebody else (the user with id ${uid}), and lies where everybody may make folders. Choose another METALGAP_DATA.`,
    69,
  )
}

function requireOwnership(cluster: string, account: Account | undefined): void {
  const owner = statSync(cluster, { throwIfNoEntry: false })?.uid
  const us = account ? account.uid : process.getuid?.()
  if (owner === undefined || us === undefined || owner === us) return
  throw new UserError(
    `${cluster} belongs to the user with id ${owner}, not to ${us}. Start as that user or as root, or choose another METALGAP_DATA.`,
    69,
  )
}
