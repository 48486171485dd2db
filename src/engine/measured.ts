/** What a rule sees of a premium: one of its numbers, or how that stands in the history of the pair. */
import type { Premium } from './model.ts'
import type { Measure, RuleSpec, WindowSpec } from './spec.ts'
import type { RuleState } from './state.ts'
import { overWindow, rememberIn } from './window.ts'

type Measuring = Pick<RuleSpec, 'measure' | 'window'>
type Slotted = Pick<RuleState, 'slots'>

/** What the rule measures of a premium, which is the last one observed or newer; null where it cannot be said. */
export function measured(rule: Measuring, state: Slotted, premium: Premium): number | null {
  const value = measure(rule, state, premium)
  return Number.isNaN(value) ? null : value
}

/** The same with NaN for null: a number that may be null is an allocation at every observation. */
export function measure(rule: Measuring, state: Slotted, premium: Premium): number {
  const value = basisOf(premium, rule.measure)
  if (rule.window === null || Number.isNaN(value)) return value
  return overWindow(rule.window, state.slots ?? [], premium.time, value) ?? Number.NaN
}

/** The observation becomes part of the history that later ones are held against. */
export function remember(measure: Measure, window: WindowSpec, state: Slotted, premium: Premium): void {
  const value = basisOf(premium, measure)
  if (Number.isNaN(value)) return
  state.slots ??= []
  rememberIn(window, state.slots, premium.time, value)
}

/** NaN where it cannot be said. Spelled out: a look-up by a computed name costs as much as all the rest of a quiet observation. */
export function basisOf(premium: Premium, measure: Measure): number {
  switch (measure) {
    case 'as_quoted_usd':
      return premium.as_quoted_usd
    case 'as_quoted_pct':
      return premium.as_quoted_pct
    case 'ex_tax_usd':
      return premium.ex_tax_usd ?? Number.NaN
    case 'ex_tax_pct':
      return premium.ex_tax_pct ?? Number.NaN
    case 'landed_usd':
      return premium.landed_usd ?? Number.NaN
    case 'landed_pct':
      return premium.landed_pct ?? Number.NaN
  }
}
