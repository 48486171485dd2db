/** The way out for what is not HTTP: a connection to an address that passed the same checks. */
import { lookup } from 'node:dns'
import { once } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { checkedLookup, type Resolve } from '../http.ts'
import { listOf, mayDial } from './addresses.ts'
import { HttpError } from './reply.ts'

export interface Dialled {
  host: string
  port: number
  allow_private: readonly string[]
  /** only addresses that allow_private opens: for what goes without encryption */
  private_only: boolean
  /** ends it, also later while the connection is used */
  cut: AbortSignal
}

/** Throws HttpError: a refused address, a name that is not resolved, no connection, out of time. */
export async function dial({ host, port, allow_private, private_only, cut }: Dialled): Promise<Socket> {
  const opened = listOf(allow_private)
  if (isIP(host) && !mayDial(host, opened, private_only)) {
    const why = private_only
      ? 'is not opened by allow_private, which mail without TLS needs'
      : 'is a private or reserved address'
    throw new HttpError('refused_address', `${host} ${why}`)
  }
  const socket = connect({ host, port, lookup: checkedLookup(lookup as Resolve, opened, private_only) })
  cut.addEventListener('abort', () => socket.destroy(), { once: true })
  try {
    await once(socket, 'connect', { signal: cut })
    return socket
  } catch (error) {
    socket.destroy()
    throw errorOf(error as Error & { code?: string; syscall?: string }, host, cut)
  }
}

function errorOf(
  error: Error & { code?: string; syscall?: string },
  host: string,
  cut: AbortSignal,
): HttpError {
  if (error instanceof HttpError) return error
  if (cut.aborted) return new HttpError('timeout', `${host}: out of time while connecting`)
  if (error.syscall === 'getaddrinfo')
    return new HttpError('name', `${host}: the name cannot be resolved (${error.code})`, { ours: true })
  const ours = /^E(NETUNREACH|HOSTUNREACH|ADDRNOTAVAIL|MFILE|NFILE|NOBUFS)$/.test(error.code ?? '')
  return new HttpError('connect', `${host}: no connection (${error.code ?? error.name})`, { ours })
}
