/** The door to Postgres: a pool, transactions, and how types and failures arrive. Nothing else imports `pg`'s pool. */
import type { Writable } from 'node:stream'
import pg from 'pg'
import { readableError } from './unreachable.ts'

/** A statement with a name is parsed and planned once per connection: for what runs at every tick. */
type Statement = string | { name: string; text: string }

interface Result<Row> {
  rows: Row[]
  /** rows that an insert, update or delete touched; 0 where the command counts none */
  rowCount: number
}

/** What a function needs that runs in a transaction or on the pool alike. */
export interface Client {
  query<Row = Record<string, unknown>>(
    statement: Statement,
    values?: readonly unknown[],
  ): Promise<Result<Row>>
}

export interface Transaction extends Client {
  /** For what nobody needs an answer to: the commit travels with it, and nothing is kept where it fails. */
  send(statement: Statement, values?: readonly unknown[]): void
}

export interface Database extends Client, AsyncDisposable {
  url: string
  /**
   * Runs `work` between begin and commit; whatever it throws rolls back and is thrown on. Statements that do not
   * need each other's rows may be sent together (`Promise.all`): they travel in one round trip, in order.
   */
  transaction<T>(work: (client: Transaction) => Promise<T>): Promise<T>
  close(): Promise<void>
}

const INT8 = 20
const INT8_ARRAY = 1016
const DATE = 1082
const INT4_ARRAY: number = 1007

/** int8 -> number, date -> its text, timestamptz -> Date; numeric stays exact text. Ours alone, not the library's global. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === INT8) return Number
    if (oid === INT8_ARRAY) return pg.types.getTypeParser(INT4_ARRAY, 'text')
    if (oid === DATE) return (text: string) => text
    return pg.types.getTypeParser(oid, format as 'text')
  }) as typeof pg.types.getTypeParser,
}

/**
 * Opens a pool of at most `max` connections; nothing is dialled before the first query. A database that cannot be reached,
 * or that goes away, throws a UserError with exit code 69; every other failure is Postgres' own (`code` is the SQLSTATE).
 */
export function openDatabase(url: string, { max = 10 }: { max?: number } = {}): Database {
  const pool = new pg.Pool({
    ...{ connectionString: url, types, pipeline: true, keepAlive: true },
    // whoever begins with `metalgap` is counted as one of ours, see clean-slate.ts
    application_name: 'metalgap',
    max,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
  })
  // A connection that breaks is replaced by the pool, and what ran on it fails by itself; without a listener the
  // event would end the process.
  const ignore = () => {}
  pool.on('error', ignore)

  const lend = async <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    let client: pg.PoolClient | undefined
    let broken = false
    try {
      client = await pool.connect()
      client.on('error', ignore)
      return await work(client)
    } catch (error) {
      const readable = readableError(error, url)
      broken = readable !== error
      throw readable
    } finally {
      client?.off('error', ignore)
      client?.release(broken || client.getTransactionStatus() !== 'I')
    }
  }

  const close = () => (pool.ended || pool.ending ? Promise.resolve() : pool.end())
  return {
    url,
    query: (statement, values) => lend((client) => send(client, statement, values)),
    transaction: (work) => lend((client) => inTransaction(client, work)),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/**
 * What one turn of the event loop sends goes out in one write. The driver makes one a statement, which was the greatest
 * single cost of a poll: a transaction of twelve statements takes a quarter less time, and half the processor's.
 */
function inOneWrite(client: pg.ClientBase): void {
  // the types of the driver do not show its socket
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection
  if (stream.writableCorked > 0) return
  stream.cork()
  process.nextTick(() => stream.uncork())
}

async function send<Row>(
  client: pg.ClientBase,
  statement: Statement,
  values: readonly unknown[] = [],
): Promise<Result<Row>> {
  inOneWrite(client)
  const result = await answerOf(client, queryOf(statement, values))
  return { rows: result.rows as Row[], rowCount: result.rowCount ?? 0 }
}

function queryOf(statement: Statement, values: readonly unknown[]): pg.QueryConfig {
  const config = typeof statement === 'string' ? { text: statement } : statement
  return { ...config, values: [...values] }
}

/**
 * By callback: with the promises that the driver makes, the values of one query hang on those of the next, and all of them
 * outlive V8's young generation.
 */
async function answerOf(client: pg.ClientBase, query: pg.QueryConfig): Promise<pg.QueryResult> {
  const { promise, resolve, reject } = Promise.withResolvers<pg.QueryResult>()
  client.query(query, (error, result) => (error ? reject(error) : resolve(result)))
  try {
    return await promise
  } catch (error) {
    // as the driver does: from where it was asked, not from the socket
    Error.captureStackTrace(error as Error)
    throw error
  }
}

/**
 * Left to itself Postgres plans most of a poll's statements anew each time, for the values at hand: a third of the time
 * that they take. For transactions only, so that it holds behind a pooler too.
 */
const BEGIN = 'begin; set local plan_cache_mode = force_generic_plan'

async function inTransaction<T>(
  client: pg.ClientBase,
  work: (client: Transaction) => Promise<T>,
): Promise<T> {
  const { failures, statements, end } = openStatements(client)
  try {
    // it travels with the first statement of `work`
    statements.send(BEGIN)
    const answer = await work(statements)
    end()
    if (failures[0]) throw failures[0]
    inOneWrite(client)
    // answers come in order: behind this one all are there
    const { command } = await answerOf(client, { text: 'commit' })
    if (failures[0]) throw failures[0]
    if (command !== 'COMMIT')
      throw new Error('a statement of the transaction failed and its error was ignored: rolled back')
    return answer
  } catch (error) {
    end()
    await answerOf(client, { text: 'rollback' }).catch(() => {})
    throw failures[0] ?? error
  }
}

function openStatements(client: pg.ClientBase) {
  /** of what was sent: Postgres' own, or at once the driver's, which cannot write the values of a statement */
  const failures: Error[] = []
  let over = false
  // Of several that went on side by side one has failed: what the others still send would be kept, whatever is undone.
  const mustBeOpen = () => {
    if (over) throw new Error('the transaction is over')
  }
  const statements: Transaction = {
    async query(statement, values) {
      mustBeOpen()
      return send(client, statement, values)
    },
    send(statement, values = []) {
      mustBeOpen()
      inOneWrite(client)
      client.query(queryOf(statement, values), (error) => error && failures.push(error))
    },
  }
  const end = () => {
    over = true
  }
  return { failures, statements, end }
}
