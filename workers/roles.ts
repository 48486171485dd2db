/** What a process does; a fleet spreads the roles over machines. */
import { UserError } from '../src/errors.ts'
import { nearest } from '../src/nearest.ts'

export const ROLES = ['schedule', 'poll', 'evaluate', 'deliver', 'sweep'] as const
export type Role = (typeof ROLES)[number]

/** Reads `schedule,poll`. Throws a UserError (2) that names what is not a role. */
export function parseRoles(text: string): Role[] {
  return text.split(',').map((word) => {
    const role = ROLES.find((known) => known === word.trim())
    if (role !== undefined) return role
    const meant = nearest(word.trim(), ROLES)
    const hint = meant === null ? '' : ` Did you mean ${meant}?`
    throw new UserError(`"${word.trim()}" is not a role; roles are ${ROLES.join(', ')}.${hint}`, 2)
  })
}
