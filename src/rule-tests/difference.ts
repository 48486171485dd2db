/** Was a minute as expected? If not, both sides in words. */
import type { Transition } from '../engine/model.ts'
import type { Expectation, ExpectedTransition } from './expectation.ts'
import type { Minute } from './run.ts'

/** Null where all is as expected. Transitions must be all that happened; the rest is compared where it is asked for. */
export function differences(
  expected: Expectation,
  found: Minute,
): { expected: string[]; found: string[] } | null {
  const wrong: [expected: string, found: string][] = []
  const { transitions } = expected
  const isTold =
    transitions.length === found.transitions.length &&
    transitions.every((one, i) => isSame(one, found.transitions[i] as Transition))
  if (!isTold) {
    const told = found.transitions.map(transitionText).join('; ')
    wrong.push([transitions.map(expectedText).join('; ') || 'nothing', told || 'nothing'])
  }
  if (expected.state !== null && expected.state !== found.state)
    wrong.push([`is ${expected.state}`, `is ${found.state}`])
  const value = found.premiums.at(-1)?.as_quoted_usd
  const premium = value === undefined ? 'none' : value.toFixed(decimalsOf(expected.premium ?? ''))
  if (expected.premium !== null && expected.premium !== premium)
    wrong.push([`premium ${expected.premium}`, `premium ${premium}`])
  for (const words of expected.says) {
    if (!found.messages.some((message) => message.includes(words)))
      wrong.push([`says "${words}"`, found.messages[0] ?? 'no message'])
  }
  if (wrong.length === 0) return null
  const observed = value === undefined ? 'no premium' : `premium ${value.toFixed(6)}`
  const around = `then: ${[found.state, observed, ...found.rules].join(', ')}`
  return { expected: wrong.map(([one]) => one), found: [...wrong.map(([, one]) => one), around] }
}

function isSame(expected: ExpectedTransition, { kind, rule, severity, value }: Transition): boolean {
  return (
    expected.kind === kind &&
    (expected.rule === null || expected.rule === rule) &&
    (expected.severity === null || expected.severity === severity) &&
    (expected.value === null || expected.value === value.toFixed(decimalsOf(expected.value)))
  )
}

function decimalsOf(text: string): number {
  return text.split('.')[1]?.length ?? 0
}

function expectedText({ kind, rule, severity, value }: ExpectedTransition): string {
  return [rule, kind, severity, value].filter((word) => word !== null).join(' ')
}

function transitionText({ kind, rule, severity, value }: Transition): string {
  return `${rule} ${kind} ${severity} ${value.toFixed(2)}`
}
