/** What a story expects of a minute: transitions, and perhaps the pair's state, the premium, words of the message. */
import type { ComparabilityState, Severity, TransitionKind } from '../engine/model.ts'

/** What is not said is not asked. */
export interface ExpectedTransition {
  kind: TransitionKind
  rule: string | null
  severity: Severity | null
  /** as written: as many decimals are compared */
  value: string | null
}

export interface Expectation {
  transitions: ExpectedTransition[]
  state: ComparabilityState | null
  /** as quoted in USD, as written; 'none': nothing was observed */
  premium: string | null
  /** each must stand in a message of this minute */
  says: string[]
}

const KINDS: readonly string[] = [
  'raised',
  'escalated',
  'eased',
  'reminder',
  'cleared',
  'retracted',
  'changed',
]
const SEVERITIES: readonly string[] = ['info', 'warning', 'critical']
const STATES: readonly string[] = [
  ...['comparable', 'missing', 'implausible', 'disputed', 'closed', 'stale', 'skewed'],
]
const NUMBER = /^-?\d+(\.\d+)?$/

/** `raised warning 6.10; is comparable; premium 6.10; says "6.10 USD/oz"`; empty: nothing happens. */
export function readExpectation(text: string, complain: (problem: string) => void): Expectation {
  const expected: Expectation = { transitions: [], state: null, premium: null, says: [] }
  for (const part of text.split(';').map((one) => one.trim())) {
    if (part === '') continue
    const [first = '', second = ''] = part.split(/\s+/)
    const [, words] = /^says "(.*)"$/.exec(part) ?? []
    if (words !== undefined) expected.says.push(words)
    else if (first === 'is' && STATES.includes(second)) expected.state = second as ComparabilityState
    else if (first === 'premium' && (second === 'none' || NUMBER.test(second))) expected.premium = second
    else {
      const transition = transitionOf(part.split(/\s+/))
      if (transition === null)
        complain(
          `found "${part}", expected such as: raised warning 6.10, is stale, premium 6.10, says "6.10 USD/oz"`,
        )
      else expected.transitions.push(transition)
    }
  }
  return expected
}

function transitionOf(words: readonly string[]): ExpectedTransition | null {
  const kind = words.find((word) => KINDS.includes(word))
  const severity = words.find((word) => SEVERITIES.includes(word)) ?? null
  const value = words.find((word) => NUMBER.test(word)) ?? null
  const others = words.filter((word) => word !== kind && word !== severity && word !== value)
  if (kind === undefined || others.length > 1) return null
  return {
    kind: kind as TransitionKind,
    rule: others[0] ?? null,
    severity: severity as Severity | null,
    value,
  }
}
