/** Stands in for `node:dns` where a test needs a fault on our side: no name is resolved, on every machine and at once. */
export function lookup(host: string, _: unknown, done: (error: Error, addresses: []) => void): void {
  const error = new Error(`getaddrinfo EAI_AGAIN ${host}`)
  done(Object.assign(error, { code: 'EAI_AGAIN', syscall: 'getaddrinfo' }), [])
}
