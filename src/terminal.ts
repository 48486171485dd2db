/** Where lines for people go; tests and the demo hand in their own. */
export interface Writer {
  /** true on a terminal that shows colour and was not asked to refrain (NO_COLOR) */
  colour: boolean
  /** resolves when the text was taken, rejects when nobody reads any more (EPIPE) */
  write(text: string): Promise<void>
}

/** Node's own `hasColors` knows NO_COLOR, FORCE_COLOR and dumb terminals. */
export function openWriter(stream: NodeJS.WriteStream): Writer {
  return {
    get colour() {
      return stream.isTTY === true && stream.hasColors()
    },
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) => (error ? reject(error) : resolve()))
      }),
  }
}
