/** The texts of a configuration folder, and the calendars that ship with the program. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UserError } from '../errors.ts'

/** File texts by their path inside the folder, e.g. `metals/silver.yaml`. */
export type Texts = Record<string, string>

const SHIPPED = fileURLToPath(new URL('../../config', import.meta.url))

/** Every YAML file of the folder. Throws a UserError (78) when there is no such folder or a file cannot be read. */
export async function readTexts(folder: string): Promise<Texts> {
  const texts: Texts = {}
  for (const part of ['', 'metals', 'calendars'])
    Object.assign(texts, await readPart(folder, part, part === ''))
  return texts
}

/** The calendars that ship with the program serve a folder that has none of that name. */
export function readShippedCalendars(): Promise<Texts> {
  return readPart(SHIPPED, 'calendars', true)
}

async function readPart(folder: string, part: string, required: boolean): Promise<Texts> {
  const names = await namesOf(join(folder, part), required)
  const files = names.filter((name) => /\.ya?ml$/.test(name)).map((name) => join(part, name))
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await textOf(join(folder, file))])),
  )
}

async function namesOf(folder: string, required: boolean): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    if (!required && (error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw unreadable(folder, error, 'METALGAP_CONFIG names the folder with the configuration')
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw unreadable(path, error, 'the configuration must be readable for the user that runs metalgap')
  }
}

function unreadable(path: string, error: unknown, advice: string): UserError {
  const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is none' : (error as Error).message
  return new UserError(`cannot read ${path}: ${why}; ${advice}`, 78, { cause: error })
}
