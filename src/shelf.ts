/** A shelf is a folder of files of one kind: the folder is the registry, a file's name is the id of what it exports. */
import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Channel } from './channels/channel.ts'
import type { Feed } from './feeds/feed.ts'

/**
 * The default exports of a folder's TypeScript files by file name, in alphabetical order, without the contract file.
 * Throws when a file exports nothing by default.
 */
export async function loadShelf<T>(folder: URL, contractFile: string): Promise<Record<string, T>> {
  const shelf: Record<string, T> = {}
  for (const file of (await readdir(folder)).sort()) {
    if (!file.endsWith('.ts') || file === contractFile) continue
    const module = (await import(new URL(file, asFolder(folder)).href)) as { default?: T }
    if (module.default === undefined) {
      throw new Error(
        `${file}: no default export; a file beside ${contractFile} exports what that contract describes`,
      )
    }
    shelf[basename(file, '.ts')] = module.default
  }
  return shelf
}

export const loadFeeds = () => loadShelf<Feed>(new URL('./feeds/', import.meta.url), 'feed.ts')
export const loadChannels = () => loadShelf<Channel>(new URL('./channels/', import.meta.url), 'channel.ts')

function asFolder(url: URL): URL {
  return url.href.endsWith('/') ? url : new URL(`${url.href}/`)
}
