/** A premium explained to a person with a pocket calculator. */
import { percent, priced, signed, span, utc, utcExact } from '../command-line/words.ts'
import { unitOf } from '../measure.ts'
import type { ExplainedLeg, ExplainedPremium, Judged } from './premium.ts'
import type { Step } from './step.ts'
import type { Payload } from './tick.ts'

const SHOWN_HASH = 12

export function premiumText(premium: ExplainedPremium): string[] {
  const { east, west, fx } = premium.legs
  return [
    headline(premium),
    ...standing(premium),
    '',
    ...leg('EAST', east),
    '',
    ...leg('WEST', west),
    ...(fx === null ? [] : ['', ...leg('RATE', fx)]),
    '',
    'CALCULATION, worked from left to right; every result is carried on with twelve decimals',
    ...premium.steps.flatMap(stepText),
    premium.agrees
      ? '  Every stored number is the one that these steps give.'
      : '  A STORED NUMBER IS NOT THE ONE THAT THESE STEPS GIVE.',
    '',
    `TAX       basis ${premium.tax.basis}: ${premium.tax.because}`,
    ...(premium.tax.source === null ? [] : [`          source of the rate: ${premium.tax.source}`]),
    `COMPARED  ${comparison(premium)}`,
    ...premium.rules.map((rule) => `RULE      ${ruleText(rule, premium.unit)}`),
    ...premium.led_to.map(
      ({ rule, kind, sequence, breach_id }) =>
        `LED TO    ${rule} ${kind}, step ${sequence} of breach ${breach_id}`,
    ),
    `CONFIG    ${premium.configuration_hash.slice(0, SHOWN_HASH)}, known since ${utc(premium.configuration_since)}`,
  ]
}

function headline({ premium_id, pair, as_quoted_usd, as_quoted_pct, unit, time }: ExplainedPremium): string {
  return `Premium ${premium_id} of ${pair}: ${signed(as_quoted_usd)} USD/${unit} (${percent(as_quoted_pct)} %) at ${utc(time)}`
}

function standing({ standing, superseded_at, corrected_by }: ExplainedPremium): string[] {
  if (superseded_at !== null)
    return [`Corrected at ${utc(superseded_at)}: premium ${corrected_by ?? '?'} took its place.`]
  if (standing === 'late')
    return ['It came late: a newer one was there already, and no rule was moved by it.']
  return standing === 'correction' ? ['It corrects an earlier one; no rule was moved by it.'] : []
}

function leg(name: string, tick: ExplainedLeg): string[] {
  const { price, currency, unit, series, instrument, venue, at, seen_at, age_ms, max_age_ms, revision } = tick
  const allowed = max_age_ms === null ? 'dates are compared' : `${span(max_age_ms)} allowed`
  return [
    `${name.padEnd(9)} ${priced(price, currency, unit)}  ${series}: ${instrument}, ${venue}`,
    `  source time  ${utcExact(at)}${revision > 1 ? `, revision ${revision}` : ''}`,
    `  seen         ${utcExact(seen_at)}; ${span(age_ms)} old when it was compared, ${allowed}`,
    ...(tick.payload === null
      ? ['  page         none: it did not come from a page']
      : payload(tick.payload, tick.tick_id)),
  ]
}

function payload(from: Payload, tick_id: number): string[] {
  const { fetch_id, page, status, fetched_at, bytes, sha256, hash_agrees, body_fetch_id } = from
  const kept = body_fetch_id === fetch_id ? '' : `, unchanged since fetch ${body_fetch_id}`
  return [
    `  page         "${page}", fetch ${fetch_id}${kept}, HTTP ${status}, ${utc(fetched_at)}, ${bytes} bytes; tick ${tick_id}`,
    `  sha256       ${sha256} ${hash_agrees ? '(so are the bytes that are kept)' : '(THE BYTES THAT ARE KEPT HAVE ANOTHER)'}`,
    ...from.excerpts.map(
      ({ before, figure, after }) => `  it says      ...${before}>>${figure}<<${after}...`,
    ),
    ...(from.derivation === null ? [] : [`  so           ${from.derivation}`]),
    ...(from.read_again ? [] : ['  NOTE         read again today, this page does not give this price']),
  ]
}

function stepText({ what, formula, result, unit, rounded, stored, agrees }: Step): string[] {
  const kept =
    stored === null ? '' : agrees ? `, stored as ${rounded}` : `, rounded ${rounded}, STORED AS ${stored}`
  return [`  ${what}`, `    ${formula}`, `    = ${result} ${unit}${kept}`]
}

function comparison({ align, skew_ms, max_skew_ms, seen_at, standing }: ExplainedPremium): string {
  if (align === 'date')
    return `one observation of each for one date; computed ${utcExact(seen_at)}, ${standing}`
  return `the legs are ${span(skew_ms)} apart, ${span(max_skew_ms)} allowed; computed ${utcExact(seen_at)}, ${standing}`
}

function ruleText({ rule, measure, value, direction, raise, clear, is }: Judged, unit: string): string {
  const bound = unitOf(measure, unit)
  return `${rule}: ${measure} ${value ?? 'unknown'} ${bound}, ${is ?? 'no value'} (${direction} ${raise} raises, ${clear} clears)`
}
