/** A month of invented dates: London at 30.00, the rate at 7.1, and a gap that the test names. */
import { DAILY } from '../import/desk.ts'

export const RULES = DAILY.replace('raise: 5.50', 'raise: 3.00').replace('clear: 5.00', 'clear: 2.00')

const OUNCES_PER_KG = 1000 / 31.1034768

/** CSV lines for consecutive dates from 2 June 2025 on; a gap of null is a date on which Shanghai says nothing. */
export function daysOf(...gaps: (number | null)[]): string[] {
  return [
    'date,series,price',
    ...gaps.flatMap((gap, i) => {
      const date = new Date(Date.UTC(2025, 5, 2 + i)).toISOString().slice(0, 10)
      const kilogram = gap === null ? null : ((30 + gap) * 7.1 * OUNCES_PER_KG).toFixed(4)
      return [
        ...(kilogram === null ? [] : [`${date},sge-benchmark/shag-pm,${kilogram}`]),
        `${date},lbma/silver,30.00`,
        `${date},ecb/usdcny,7.1000`,
      ]
    }),
  ]
}
