/** Sources whose prices people bring themselves, with `metalgap import`: nothing polls them. */
import type { SeriesFacts } from '../engine/model.ts'
import { at, namesIn, reportUnknown } from './check.ts'
import type { Document } from './document.ts'
import type { WrittenSource } from './schema/feeds.ts'
import type { OwnSource } from './types.ts'

export function ownSource(feed: string, { zone, series }: WrittenSource): OwnSource {
  const facts = Object.entries(series).map(([name, own]): [string, SeriesFacts] => {
    const { max_move, publication_lag, ...stated } = own
    const numbers = { max_move: max_move / 100, publication_lag_ms: publication_lag }
    return [name, { ...stated, ...numbers, zone, series: `${feed}/${name}`, feed }]
  })
  return { feed, zone, series: Object.fromEntries(facts) }
}

/** The series as they are written, right or wrong, so that a mistake in one is told once and not where it is used again. */
export function ownNames(document: Document | undefined): string[] {
  return namesIn(document, 'own').flatMap((feed) => {
    const series = at(document?.written, ['own', feed, 'series'])
    return typeof series === 'object' && series !== null
      ? Object.keys(series).map((name) => `${feed}/${name}`)
      : []
  })
}

export function checkOwnSources(
  document: Document,
  sources: Record<string, WrittenSource>,
  shelf: readonly string[],
  calendars: readonly string[],
): void {
  for (const [feed, { series }] of Object.entries(sources)) {
    if (shelf.includes(feed))
      document.report(['own', feed], `found "${feed}", which is a feed of the program, expected another name`)
    for (const [name, { calendar, kind, unit }] of Object.entries(series)) {
      const path = ['own', feed, 'series', name]
      reportUnknown(document, [...path, 'calendar'], 'calendar', calendar, calendars)
      if (kind !== 'rate' && unit === null)
        document.report(
          [...path, 'unit'],
          'found null, expected oz, g, kg, lb, t or mtu; only a rate has no unit',
        )
    }
  }
}
