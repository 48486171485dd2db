import type { z } from 'zod'
import type { SeriesFacts } from '../engine/model.ts'
import { check, namesIn } from './check.ts'
import type { Document } from './document.ts'
import type { Documents } from './documents.ts'
import { resolveExposure } from './exposures.ts'
import { resolvePair } from './pairs.ts'
import { checkReferences } from './references.ts'
import { resolveRule } from './rules.ts'
import { metalFile } from './schema/metals.ts'
import type { Config, Metal } from './types.ts'

export type MetalFile = z.output<typeof metalFile>
type Metals = Pick<Config, 'metals' | 'pairs' | 'rules' | 'exposures'>

/** What the entries of a metal file may refer to. */
export interface Known {
  series: Record<string, SeriesFacts>
  /** names, also of what has a mistake in it */
  pairs: string[]
  channels: string[]
}

/** Every metal with its pairs, rules and exposures; their names are unique over all metals. */
export function resolveMetals(
  documents: Documents,
  series: Record<string, SeriesFacts>,
  channels: string[],
): Metals {
  const pairs = documents.metals.flatMap((document) => namesIn(document, 'pairs'))
  const known: Known = { series, pairs, channels }
  const all: Metals = { metals: {}, pairs: {}, rules: {}, exposures: {} }
  for (const document of documents.metals) {
    const file = check(metalFile, document)
    checkReferences(document, known)
    if (file) addMetal(all, document, file, known)
  }
  return all
}

function addMetal(all: Metals, document: Document, file: MetalFile, known: Known): void {
  const { metal } = file
  add(all.metals, document, ['metal'], metal, metalOf(document, file))
  for (const [name, pair] of Object.entries(file.pairs)) {
    add(all.pairs, document, ['pairs', name], name, resolvePair(document, file, name, pair, known))
  }
  for (const [name, rule] of Object.entries(file.rules)) {
    add(all.rules, document, ['rules', name], name, resolveRule(document, name, rule))
  }
  for (const [name, exposure] of Object.entries(file.exposures)) {
    add(all.exposures, document, ['exposures', name], name, resolveExposure(document, file, name, exposure))
  }
}

function add<T>(all: Record<string, T>, document: Document, path: string[], name: string, value: T): void {
  if (Object.hasOwn(all, name)) {
    document.report(
      path,
      `found "${name}" a second time, expected a name that is unique over all metals`,
      path.length > 1 ? 'key' : 'value',
    )
  }
  all[name] = value
}

function metalOf(document: Document, file: MetalFile): Metal {
  const { metal, title, unit, material, tax } = file
  tax.china_vat.forEach(({ from }, index) => {
    const before = tax.china_vat[index - 1]
    if (before && before.from >= from) {
      document.report(
        ['tax', 'china_vat', index, 'from'],
        `found ${from} after ${before.from}, expected the oldest rate first`,
      )
    }
  })
  return { metal, title, unit, material, china_vat: tax.china_vat }
}
