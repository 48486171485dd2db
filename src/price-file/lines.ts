/** Lines of a text file, plain or gzipped, as they stream by: memory stays flat at any size. */
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { UserError } from '../errors.ts'

const CHUNK_BYTES = 1 << 16
const LONGEST_LINE = 1 << 20
const NEWLINE = 10
const RETURN = 13

/**
 * The lines of a file without their ends, a chunk of the file at a time; each chunk is to be used up before the next is asked
 * for. Throws a UserError where the file cannot be read or a line has no end.
 */
export async function* linesOf(file: string): AsyncGenerator<Iterable<string>> {
  let rest: Buffer = Buffer.alloc(0)
  let read = 0
  // One at a time and from the bytes: what nobody needs any more is gone while it is young, and nothing piles up.
  function* linesIn(bytes: Buffer): Generator<string> {
    let begin = 0
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, begin)) {
      read += 1
      yield textOf(bytes, begin, end)
      begin = end + 1
    }
    rest = bytes.subarray(begin)
    if (rest.length > LONGEST_LINE) throw new UserError(`${file}: line ${read + 1} has no end`)
  }
  try {
    for await (const chunk of await bytesOf(file))
      yield linesIn(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]))
  } catch (error) {
    throw new UserError(`${file}: ${error instanceof Error ? error.message : error}`)
  }
  yield [textOf(rest, 0, rest.length)]
}

function textOf(bytes: Buffer, begin: number, end: number): string {
  return bytes.toString('utf8', begin, end > begin && bytes[end - 1] === RETURN ? end - 1 : end)
}

async function bytesOf(file: string): Promise<Readable> {
  const handle = await open(file)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0)
  const stream = handle.createReadStream({ start: 0, highWaterMark: CHUNK_BYTES })
  if (bytesRead < 2 || buffer[0] !== 0x1f || buffer[1] !== 0x8b) return stream
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
  stream.on('error', (error) => gunzip.destroy(error))
  return stream.pipe(gunzip)
}
