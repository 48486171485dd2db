/** One line of a calculation: worked from left to right, as a pocket calculator does. */
import { apply, exact, isSame, type Operator, rounded, trimmed } from './exact.ts'

/** Digits behind the point that a result is carried on with. */
const CARRIED = 12
/** Digits that are stored. */
const STORED = 6

export interface Term {
  operator: Operator
  figure: string
  unit: string
}

export interface Step {
  what: string
  /** '29925 CNY/kg x 0.0311034768 kg/oz / 6.9462 CNY/USD' */
  formula: string
  /** to twelve digits, what the next steps go on with */
  result: string
  unit: string
  /** the result to six digits, half to even */
  rounded: string
  /** what the database holds for it; null for a step between */
  stored: string | null
  /** false when the stored number is another one */
  agrees: boolean
}

export interface Wanted {
  what: string
  first: Omit<Term, 'operator'>
  terms: readonly Term[]
  unit: string
  stored: string | null
}

export function step({ what, first, terms, unit, stored }: Wanted): Step {
  const value = terms.reduce(
    (so_far, { operator, figure }) => apply(so_far, operator, exact(figure)),
    exact(first.figure),
  )
  const six = rounded(value, STORED)
  return {
    what,
    formula: [said(first), ...terms.map((term) => `${term.operator} ${said(term)}`)].join(' '),
    result: trimmed(rounded(value, CARRIED)),
    unit,
    rounded: six,
    stored,
    agrees: stored === null || isSame(stored, six),
  }
}

function said({ figure, unit }: Omit<Term, 'operator'>): string {
  return unit === '' ? figure : `${figure} ${unit}`
}
