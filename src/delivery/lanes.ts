/** At most so many exchanges with one host at a time, so that a slow receiver holds up nobody else. */

const MOST = 4
const running = new Map<string, number>()

/** Takes a place; call what it answers to give it back. Null when all are taken; a local channel (null) has no host. */
export function enter(host: string | null): (() => void) | null {
  if (host === null) return () => {}
  const now = running.get(host) ?? 0
  if (now >= MOST) return null
  running.set(host, now + 1)
  return () => leave(host)
}

function leave(host: string): void {
  const left = (running.get(host) ?? 1) - 1
  if (left > 0) running.set(host, left)
  else running.delete(host)
}
