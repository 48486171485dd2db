/** Points a configuration at the simulated exchanges, and leaves what else stands in its files as it is. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDocument, YAMLSeq } from 'yaml'
import { UserError } from '../errors.ts'

const LOOPBACK = '127.0.0.0/8'

/** The lines for config/feeds.yaml, as a person would paste them. */
export function baseUrls(url: string, feeds: readonly string[]): string {
  return ['feeds:', ...feeds.map((feed) => `  ${feed}: { base_url: ${url} }`)].join('\n')
}

/** Sets `base_url` in FOLDER/feeds.yaml and allows loopback in FOLDER/network.yaml. */
export async function writeBaseUrls(folder: string, url: string, feeds: readonly string[]): Promise<void> {
  await edit(join(folder, 'feeds.yaml'), (document) => {
    for (const feed of feeds) document.setIn(['feeds', feed, 'base_url'], url)
  })
  await edit(join(folder, 'network.yaml'), (document) => {
    const allowed = document.get('allow_private')
    if (!(allowed instanceof YAMLSeq)) document.set('allow_private', document.createNode([LOOPBACK]))
    else if (!allowed.toJSON().includes(LOOPBACK)) allowed.add(LOOPBACK)
  })
}

async function edit(
  file: string,
  change: (document: ReturnType<typeof parseDocument>) => void,
): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const document = parseDocument(text)
  const [mistake] = document.errors
  if (mistake) throw new UserError(`${file}: ${mistake.message}`, 78)
  change(document)
  try {
    await writeFile(file, document.toString())
  } catch (error) {
    throw new UserError(`${file} cannot be written: ${error instanceof Error ? error.message : error}`)
  }
}
