/**
 * Rows on their way to COPY, as the bytes that it is sent. As objects they would wait there for longer than V8 keeps what is
 * young, and every batch would end in the part of the heap that is seldom collected.
 */

export interface Lines {
  /** of COPY's text format, with its line end */
  add(line: string): void
  /** good until the lines are cleared */
  bytes(): Buffer
  clear(): void
}

/** Lines that are cleared and written again keep their memory. */
export function newLines(): Lines {
  let lines: Buffer = Buffer.alloc(1 << 18)
  let length = 0
  return {
    add(line) {
      lines = withRoom(lines, length + Buffer.byteLength(line))
      length += lines.write(line, length)
    },
    bytes: () => lines.subarray(0, length),
    clear() {
      length = 0
    },
  }
}

export function withRoom(buffer: Buffer, length: number): Buffer {
  return length <= buffer.length ? buffer : Buffer.concat([buffer], 2 * length)
}
