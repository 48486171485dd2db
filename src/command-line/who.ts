import { userInfo } from 'node:os'

/** The name of the account; an account without one, as in a container, is its number. */
export function whoRuns(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}
