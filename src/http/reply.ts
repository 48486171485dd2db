/** The answer to one request: how much of it came, and what exactly went wrong. */

export type HttpErrorKind =
  | 'refused_address'
  | 'name'
  | 'connect'
  | 'certificate'
  | 'timeout'
  | 'reset'
  | 'too_large'
  | 'redirect'
  | 'aborted'

export class HttpError extends Error {
  override readonly name = 'HttpError' as const
  readonly kind: HttpErrorKind
  /** the fault is on our side: no name resolution, no route, no free socket */
  readonly ours: boolean
  /** the request was written: it may have been acted on */
  readonly ambiguous: boolean
  constructor(kind: HttpErrorKind, message: string, { ours = false, ambiguous = false } = {}) {
    super(message)
    this.kind = kind
    this.ours = ours
    this.ambiguous = ambiguous
  }
}

/** `headers` in lower case; `url` is the one that answered; `truncated`: the body did not come whole. */
export interface Reply {
  status: number
  headers: Record<string, string>
  bytes: Uint8Array
  url: string
  truncated: boolean
}

/** `whole`: an answer that breaks off is an error; else its status counts and the body is cut. */
export interface Request {
  url: URL
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body: string | Uint8Array | null
  max_bytes: number
  whole: boolean
}

/** What Node and OpenSSL call a certificate that they do not accept. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|HOSTNAME_MISMATCH/

const OUR_FAULTS = /^(E(NET|HOST)(UNREACH|DOWN)|EADDRNOTAVAIL|EMFILE|ENFILE|ENOBUFS|EPERM)$/

/** What is under way on the wire, as undici hands it to the listener. */
interface Wire {
  abort(reason: Error): void
}

/** Hears one exchange (undici's DispatchHandler) and settles `reply` once: an answer, or an HttpError. */
export class Listener {
  readonly #request: Request
  readonly #cut: AbortSignal
  readonly #settled = Promise.withResolvers<Reply>()
  readonly #chunks: Uint8Array[] = []
  #size = 0
  #status = 0
  #headers: Record<string, string> = {}
  /** set once the request is being written */
  #wire: Wire | null = null

  constructor(request: Request, cut: AbortSignal) {
    this.#request = request
    this.#cut = cut
  }

  get reply(): Promise<Reply> {
    return this.#settled.promise
  }

  /** A request that was still waiting for its connection is never written once it is cut. */
  cut(): void {
    const kind: HttpErrorKind = this.#cut.reason === 'aborted' ? 'aborted' : 'timeout'
    const why = kind === 'aborted' ? 'stopped' : 'out of time'
    const stage =
      this.#status > 0 ? 'in the body' : this.#wire ? 'waiting for the answer' : 'while connecting'
    this.#fail(kind, `${why} ${stage}`)
    this.#wire?.abort(new Error(why))
  }

  onRequestStart(wire: Wire): void {
    if (this.#cut.aborted) wire.abort(new Error('cut before it was written'))
    else this.#wire = wire
  }

  onResponseStart(_: Wire, status: number, headers: Record<string, string | string[] | undefined>) {
    if (status < 200) return
    this.#status = status
    for (const [name, value] of Object.entries(headers)) this.#headers[name] = String(value)
  }

  onResponseData(wire: Wire, chunk: Uint8Array): void {
    const room = this.#request.max_bytes - this.#size
    this.#chunks.push(chunk.subarray(0, room))
    this.#size += chunk.length
    if (chunk.length <= room) return
    this.#fail('too_large', `the answer is larger than ${this.#request.max_bytes} bytes`)
    wire.abort(new Error('too large'))
  }

  onResponseEnd(): void {
    this.#settled.resolve(this.#replySoFar(false))
  }

  onResponseError(_: unknown, error: Error & { code?: unknown; syscall?: unknown }): void {
    const code = typeof error.code === 'string' ? error.code : error.name
    if (error instanceof HttpError) this.#settled.reject(error)
    else if (error.syscall === 'getaddrinfo')
      this.#fail('name', `the name cannot be resolved (${code})`, true)
    else if (code === 'UND_ERR_HEADERS_OVERFLOW')
      this.#fail('too_large', 'the headers of the answer are too large')
    else if (!this.#wire && CERTIFICATE.test(code))
      this.#fail('certificate', `its certificate is not accepted (${code})`)
    else if (this.#wire) this.#fail('reset', `the connection broke (${code})`)
    else this.#fail('connect', `no connection (${code})`, OUR_FAULTS.test(code))
  }

  #fail(kind: HttpErrorKind, why: string, ours = false): void {
    const ambiguous = this.#wire !== null
    if (this.#status > 0 && !this.#request.whole) this.#settled.resolve(this.#replySoFar(true))
    else this.#settled.reject(new HttpError(kind, `${this.#request.url.host}: ${why}`, { ours, ambiguous }))
  }

  #replySoFar(truncated: boolean): Reply {
    const bytes = Buffer.concat(this.#chunks)
    return { status: this.#status, headers: this.#headers, bytes, url: this.#request.url.href, truncated }
  }
}
