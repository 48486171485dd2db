import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { loadShelf } from '../../src/shelf.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

async function folderWith(files: Record<string, string>): Promise<URL> {
  const folder = await mkdtemp(join(tmpdir(), 'shelf-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return pathToFileURL(folder)
}

test('a file on the shelf is there under its own name, in alphabetical order', async () => {
  const folder = await folderWith({
    'zinc.ts': 'export default { title: "Zinc" as string }',
    'copper-spot.ts': 'export default { title: "Copper" }',
    'contract.ts': 'export interface Thing { title: string }',
    'notes.md': 'not a thing',
  })
  const shelf = await loadShelf<{ title: string }>(folder, 'contract.ts')
  expect(Object.entries(shelf)).toEqual([
    ['copper-spot', { title: 'Copper' }],
    ['zinc', { title: 'Zinc' }],
  ])
})

test('a file that exports nothing by default is named', async () => {
  const folder = await folderWith({ 'tin.ts': 'export const tin = 1' })
  await expect(loadShelf(folder, 'contract.ts')).rejects.toThrow('tin.ts: no default export')
})
