/** COPY in and out, each on a connection of its own: it cannot share a pipeline with other statements. */
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import pg from 'pg'
import { from, to } from 'pg-copy-streams'
import { readableError } from './unreachable.ts'

export interface Loader extends AsyncDisposable {
  /** rows of COPY's text format, with their line ends */
  copy(into: string, rows: Iterable<string | Buffer>): Promise<void>
  /** answers with the count of rows that were touched */
  run(statement: string, values?: readonly unknown[]): Promise<number>
}

/** A connection that loads; temporary tables last as long as it does. */
export async function openLoader(url: string): Promise<Loader> {
  const client = await connect(url)
  return {
    async copy(into, rows) {
      const stream = client.query(from(`copy ${into} from stdin`))
      const done = finished(stream)
      done.catch(() => {})
      for (const text of rows) if (!stream.write(text)) await Promise.race([once(stream, 'drain'), done])
      stream.end()
      await done
    },
    async run(statement, values = []) {
      return (await client.query(statement, [...values])).rowCount ?? 0
    },
    [Symbol.asyncDispose]: () => client.end(),
  }
}

/** The bytes that `copy (...) to stdout` sends, as fast as they are read. */
export async function* copyOut(url: string, statement: string, setup: string): AsyncGenerator<Buffer> {
  const client = await connect(url)
  try {
    await client.query(`begin read only; ${setup}`)
    const stream = client.query(to(statement))
    for await (const chunk of stream) yield chunk as Buffer
    await client.query('commit')
  } finally {
    // what has not been read is not waited for
    await client.end().catch(() => {})
  }
}

export const literal = pg.escapeLiteral

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'metalgap copy', keepAlive: true })
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    throw readableError(error, url)
  }
}
