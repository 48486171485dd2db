import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import { type Database, openDatabase } from '../src/store/database.ts'

const TEMPLATE_IN_USE = '55006'

/** A migrated, empty database of one's own: `await using database = await freshDatabase()` drops it at the end. */
export function freshDatabase(): Promise<Database> {
  return lend(`test_${randomUUID().replaceAll('-', '')}`, copyTemplate)
}

/** One in which nothing was migrated yet. */
export function emptyDatabase(name: string): Promise<Database> {
  return lend(name, async (admin) => void (await admin.query(`create database ${name}`)))
}

async function lend(name: string, make: (admin: Database, name: string) => Promise<void>): Promise<Database> {
  const admin = openDatabase(urlOf('postgres'), { max: 1 })
  await make(admin, name)
  const database = openDatabase(urlOf(name))
  const close = async () => {
    await database.close()
    await admin.query(`drop database ${name} with (force)`)
    await admin.close()
  }
  return { ...database, [Symbol.asyncDispose]: close }
}

/** The url of a database of the tests' server that need not exist. */
export function urlOf(name: string): string {
  const url = new URL(inject('template'))
  url.pathname = name
  return url.href
}

/** Two tests may copy at once, but not while anybody is connected to the template. */
async function copyTemplate(admin: Database, name: string): Promise<void> {
  for (;;) {
    try {
      await admin.query(`create database ${name} template template`)
      return
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === TEMPLATE_IN_USE)) throw error
    }
  }
}
