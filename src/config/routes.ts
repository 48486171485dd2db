import { reportUnknown } from './check.ts'
import type { Document } from './document.ts'
import type { Config } from './types.ts'

/** A route that names what there is not would silently match nothing. */
export function checkRoutes(
  document: Document | undefined,
  { routes, metals, pairs, rules }: Pick<Config, 'routes' | 'metals' | 'pairs' | 'rules'>,
  channels: readonly string[],
): void {
  if (document === undefined) return
  const known = { metal: metals, pair: pairs, rule: rules }
  routes.forEach(({ match, notify }, index) => {
    for (const [what, of] of Object.entries(known)) {
      for (const name of match[what as keyof typeof known] ?? [])
        reportUnknown(document, ['routes', index, 'match', what], what, name, Object.keys(of))
    }
    notify.forEach((name, at) => {
      reportUnknown(document, ['routes', index, 'notify', at], 'channel', name, channels)
    })
  })
}
