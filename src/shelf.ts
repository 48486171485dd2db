/** A shelf is a folder of files of one kind: the folder is the registry, a file's name is the id of what it exports. */
import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { byName } from './by-name.ts'
import type { Channel } from './channels/channel.ts'
import type { Feed } from './feeds/feed.ts'

/**
 * The default exports of a folder's TypeScript files by file name, in alphabetical order, without the contract file.
 * Throws when a file exports nothing by default.
 */
export async function loadShelf<T>(folder: URL, contractFile: string): Promise<Record<string, T>> {
  const shelf = byName<T>({})
  for (const file of (await readdir(folder)).sort()) {
    if (file.endsWith('.ts') && file !== contractFile)
      shelf[basename(file, '.ts')] = await load(folder, contractFile, file)
  }
  return shelf
}

/** One of them by its name; null where there is none. */
export async function loadOne<T>(folder: URL, contractFile: string, name: string): Promise<T | null> {
  const file = `${name}.ts`
  if (file === contractFile || !(await readdir(folder)).includes(file)) return null
  return load(folder, contractFile, file)
}

async function load<T>(folder: URL, contractFile: string, file: string): Promise<T> {
  const module = (await import(new URL(file, asFolder(folder)).href)) as { default?: T }
  if (module.default === undefined)
    throw new Error(
      `${file}: no default export; a file beside ${contractFile} exports what that contract describes`,
    )
  return module.default
}

export const loadFeeds = () => loadShelf<Feed>(new URL('./feeds/', import.meta.url), 'feed.ts')
export const loadChannels = () => loadShelf<Channel>(new URL('./channels/', import.meta.url), 'channel.ts')

function asFolder(url: URL): URL {
  return url.href.endsWith('/') ? url : new URL(`${url.href}/`)
}
