/** One mail over one connection, by nodemailer; nothing else imports it. */
import type { Way } from './channels/channel.ts'
import { dial } from './http/dial.ts'

export interface Server {
  host: string
  port: number
  /** starttls: refuses to go on without; implicit: from the first byte; none: only towards allow_private */
  tls: 'starttls' | 'implicit' | 'none'
  user?: string
  password?: string
}

export interface Mail {
  from: string
  to: string
  subject: string
  text: string
  html: string
  messageId: string
  references?: string
  date: Date
  headers: Record<string, string>
  priority: 'high' | 'normal'
}

/** `reached`: the server had let us send the mail itself, so that it may have it. */
export type Mailed =
  | { is: 'accepted'; response: string }
  | {
      is: 'refused'
      by: 'server' | 'tls' | 'connection' | 'login'
      code: number | null
      why: string
      reached: boolean
    }

/** Throws HttpError when there is no connection. */
export async function sendMail(server: Server, mail: Mail, way: Way): Promise<Mailed> {
  const cut = AbortSignal.any([way.life, AbortSignal.timeout(way.deadline_ms)])
  const { host, port, tls, user, password } = server
  const { allow_private } = way
  const connection = await dial({ host, port, allow_private, private_only: tls === 'none', cut })
  let reached = false
  const listener = {
    debug: (entry: { tnx?: string } | undefined, said: unknown) => {
      if (entry?.tnx === 'server' && /^354/.test(String(said))) reached = true
    },
    ...{ trace() {}, info() {}, warn() {}, error() {}, fatal() {} },
  }
  // most installations send no mail
  const { createTransport } = await import('nodemailer')
  const transport = createTransport({
    ...{ connection, host, port, logger: listener, transactionLog: true },
    ...{ secure: tls === 'implicit', requireTLS: tls === 'starttls', ignoreTLS: tls === 'none' },
    ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
    ...{ disableFileAccess: true, disableUrlAccess: true, socketCloseTimeout: 0 },
  })
  try {
    const { response } = await transport.sendMail(mail)
    return { is: 'accepted', response }
  } catch (error) {
    return refusal(error as Failure, reached, cut.aborted)
  } finally {
    transport.close()
    connection.destroy()
  }
}

type Failure = Error & { code?: string; responseCode?: number; command?: string }

function refusal(error: Failure, reached: boolean, late: boolean): Mailed {
  const code = error.responseCode ?? null
  const why = late ? 'out of time' : error.message
  return { is: 'refused', by: refusedBy(error), code, why, reached: reached && code === null }
}

function refusedBy({ code, responseCode, message }: Failure): 'server' | 'tls' | 'connection' | 'login' {
  if (code === 'EAUTH' || responseCode === 530) return 'login'
  // nodemailer calls a certificate that is refused during the handshake an error of the socket
  if (code === 'ETLS' || /certificate|altname/i.test(message)) return 'tls'
  return code === 'EENVELOPE' || code === 'EMESSAGE' ? 'server' : 'connection'
}
