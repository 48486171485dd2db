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
const PREMIUM = /^(none|-?\d+(\.\d+)?)$/

/** Parts end at a semicolon, but for one between quotes. */
const PART = /(?:"[^"]*"|[^;])+/g
const EXAMPLES = 'raised warning 6.10; is stale; premium 6.10; says "6.10 USD/oz"'

/** `raised warning 6.10; is comparable; premium 6.10; says "6.10 USD/oz"`; empty: nothing happens. */
export function readExpectation(text: string, complain: (problem: string) => void): Expectation {
  const expected: Expectation = { transitions: [], state: null, premium: null, says: [] }
  for (const part of text.match(PART) ?? []) {
    const [first = '', second = '', ...more] = part.trim().split(/\s+/)
    if (first === '') continue
    const [, words] = /^says "(.*)"$/.exec(part.trim()) ?? []
    const isPair = more.length === 0
    if (words !== undefined) expected.says.push(words)
    else if (isPair && first === 'is' && STATES.includes(second) && expected.state === null)
      expected.state = second as ComparabilityState
    else if (isPair && first === 'premium' && PREMIUM.test(second) && expected.premium === null)
      expected.premium = second
    else {
      const transition = transitionOf([first, second, ...more])
      if (transition === null) complain(`found "${part.trim()}", expected such as: ${EXAMPLES}`)
      else expected.transitions.push(transition)
    }
  }
  return expected
}

/** Words that are no rule: where one is left over, a semicolon is missing. */
const OWN_WORDS = ['is', 'premium', 'says', ...KINDS, ...SEVERITIES, ...STATES]

function transitionOf(all: readonly string[]): ExpectedTransition | null {
  const words = all.filter((word) => word !== '')
  const kind = words.find((word) => KINDS.includes(word))
  const severity = words.find((word) => SEVERITIES.includes(word)) ?? null
  const value = words.find((word) => NUMBER.test(word)) ?? null
  const [rule = null, ...others] = words.filter(
    (word) => word !== kind && word !== severity && word !== value,
  )
  const isRule = rule === null || !(OWN_WORDS.includes(rule) || NUMBER.test(rule) || rule.includes('"'))
  const isOnce = words.length === new Set(words).size
  if (kind === undefined || others.length > 0 || !isRule || !isOnce) return null
  return { kind: kind as TransitionKind, rule, severity: severity as Severity | null, value }
}
