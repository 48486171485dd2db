/** Lines of a text file or a pipe, plain or gzipped, as they stream by: memory stays flat at any size. */
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { whyUnreadable } from '../unreadable.ts'
import { PriceFileError } from './unusable.ts'

const CHUNK_BYTES = 1 << 16
const LONGEST_LINE = 1 << 20
const NEWLINE = 10
const RETURN = 13

/**
 * The lines of a file without their ends, a chunk of the file at a time; each chunk is to be used up before the next is asked
 * for. Throws a PriceFileError where the file cannot be read or a line has no end.
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
    if (rest.length > LONGEST_LINE)
      throw new PriceFileError({ file, line: read + 1, problem: 'the line has no end' })
  }
  try {
    for await (const chunk of await bytesOf(file))
      yield linesIn(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]))
  } catch (error) {
    const line = read === 0 ? 0 : read + 1
    throw new PriceFileError({ file, line, problem: whyUnreadable(error) })
  }
  yield [textOf(rest, 0, rest.length)]
}

function textOf(bytes: Buffer, begin: number, end: number): string {
  return bytes.toString('utf8', begin, end > begin && bytes[end - 1] === RETURN ? end - 1 : end)
}

async function bytesOf(file: string): Promise<Readable> {
  const stream = createReadStream(file, { highWaterMark: CHUNK_BYTES })
  await once(stream, 'readable')
  const head: Buffer | null = stream.read(2)
  if (head !== null) stream.unshift(head)
  if (head?.[0] !== 0x1f || head[1] !== 0x8b) return stream
  // what fails on the way is thrown to whoever reads
  return pipeline(stream, createGunzip({ chunkSize: CHUNK_BYTES }), () => {})
}
