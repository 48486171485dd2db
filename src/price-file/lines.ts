/** Lines of a text file, plain or gzipped, as they stream by: memory stays flat at any size. */
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { UserError } from '../errors.ts'

const CHUNK_BYTES = 1 << 18
const LONGEST_LINE = 1 << 20

export interface Lines {
  /** number of the first of them, from 1 */
  first: number
  /** without their line ends */
  lines: string[]
}

/** Throws a UserError (2) where the file cannot be read or a line has no end. */
export async function* linesOf(file: string): AsyncGenerator<Lines> {
  const decoder = new TextDecoder()
  let first = 1
  let rest = ''
  try {
    for await (const chunk of await bytesOf(file)) {
      const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n')
      rest = lines.pop() as string
      if (rest.length > LONGEST_LINE) throw new Error(`line ${first + lines.length} has no end`)
      yield { first, lines: lines.map(withoutReturn) }
      first += lines.length
    }
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(`${file}: ${error instanceof Error ? error.message : error}`)
  }
  yield { first, lines: [withoutReturn(rest + decoder.decode())] }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
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
