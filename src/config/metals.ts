import type { z } from 'zod'
import type { MassUnit, SeriesFacts } from '../engine/model.ts'
import { checkBounds } from './bounds.ts'
import { at, check, namesIn } from './check.ts'
import type { Document, Path } from './document.ts'
import type { Documents } from './documents.ts'
import { checkExposure, resolveExposure } from './exposures.ts'
import { checkPair } from './legs.ts'
import { ownNames } from './own-sources.ts'
import { resolvePair } from './pairs.ts'
import { checkReferences } from './references.ts'
import { resolveRule } from './rules.ts'
import { metalFile } from './schema/metals.ts'
import { date, unit } from './schema/words.ts'
import type { Config } from './types.ts'

export type MetalFile = z.output<typeof metalFile>
type Metals = Pick<Config, 'metals' | 'pairs' | 'rules' | 'exposures'>

/** What the entries of a metal file may refer to. */
export interface Known {
  series: Record<string, SeriesFacts>
  /** names of series, of pairs and of channels, also of what has a mistake in it */
  names: string[]
  pairs: string[]
  channels: string[]
}

/** What a metal file says of itself; null where that is missing or wrong. */
export interface Stated {
  metal: string | null
  unit: MassUnit | null
}

/** Every metal with its pairs, rules and exposures; their names are unique over all metals. */
export function resolveMetals(
  documents: Documents,
  series: Record<string, SeriesFacts>,
  channels: string[],
): Metals {
  const names = [...Object.keys(series), ...ownNames(documents.feeds)]
  const known: Known = { series, names, pairs: namesOfMetals(documents).pair, channels }
  const all: Metals = { metals: {}, pairs: {}, rules: {}, exposures: {} }
  const seen = new Set<string>()
  for (const document of documents.metals) {
    const file = check(metalFile, document)
    checkReferences(document, known)
    checkNamesAreNew(document, seen)
    checkEntries(document, known)
    if (file) addMetal(all, document, file)
  }
  return all
}

/** The names of metals, pairs and rules as written. */
export function namesOfMetals({ metals }: Documents): Record<'metal' | 'pair' | 'rule', string[]> {
  return {
    metal: metals.flatMap((document) => metalIn(document) ?? []),
    pair: metals.flatMap((document) => namesIn(document, 'pairs')),
    rule: metals.flatMap((document) => namesIn(document, 'rules')),
  }
}

function addMetal(all: Metals, document: Document, file: MetalFile): void {
  const { metal, title, unit, material, tax } = file
  all.metals[metal] = { metal, title, unit, material, china_vat: tax.china_vat }
  for (const [name, pair] of Object.entries(file.pairs)) all.pairs[name] = resolvePair(file, name, pair)
  for (const [name, rule] of Object.entries(file.rules)) all.rules[name] = resolveRule(document, name, rule)
  for (const [name, exposure] of Object.entries(file.exposures))
    all.exposures[name] = resolveExposure(document, file, name, exposure)
}

function checkEntries(document: Document, { series }: Known): void {
  const written = unit.safeParse(at(document.written, ['unit']))
  const stated: Stated = { metal: metalIn(document), unit: written.data ?? null }
  for (const name of namesIn(document, 'pairs')) checkPair(document, name, stated, series)
  for (const name of namesIn(document, 'rules')) checkBounds(document, name)
  for (const name of namesIn(document, 'exposures')) checkExposure(document, name, stated)
  checkTax(document)
}

function metalIn(document: Document): string | null {
  const metal = at(document.written, ['metal'])
  return typeof metal === 'string' ? metal : null
}

function checkNamesAreNew(document: Document, seen: Set<string>): void {
  const checkNew = (name: string, section: string, path: Path, place: 'value' | 'key') => {
    const told = `found "${name}" a second time, expected a name that is unique over all metals`
    if (seen.has(`${section} ${name}`)) document.report(path, told, place)
    seen.add(`${section} ${name}`)
  }
  const metal = metalIn(document)
  if (metal !== null) checkNew(metal, 'metal', ['metal'], 'value')
  for (const section of ['pairs', 'rules', 'exposures']) {
    for (const name of namesIn(document, section)) checkNew(name, section, [section, name], 'key')
  }
}

function checkTax(document: Document): void {
  const rates = at(document.written, ['tax', 'china_vat'])
  if (!Array.isArray(rates)) return
  const days = rates.map((rate) => date.safeParse(at(rate, ['from'])).data)
  days.forEach((from, index) => {
    const before = days[index - 1]
    if (from && before && before >= from) {
      const expected = `found ${from} after ${before}, expected the oldest rate first`
      document.report(['tax', 'china_vat', index, 'from'], expected)
    }
  })
}
