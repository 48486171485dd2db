/** Prices of Sina's three series as most tests use them, in a day on which every venue of the tests is open. */

export const DAY = '2026-03-02T00:00:00Z'

/** 1.10 USD/oz over the west */
export const CALM = { 'sina/ag-td': '7000.00', 'sina/xag': '30.00', 'sina/usdcny': '7.0000' }

/** 5.99 USD/oz over the west */
export const WIDE = { ...CALM, 'sina/ag-td': '8100.00' }

/** What makes a gap of so many USD an ounce, in yuan a kilogram: with London at 30.00 and the rate at 7.0000. */
export function eastOf(gap: number): string {
  return (((30 + gap) * 7 * 1000) / 31.1034768).toFixed(4)
}
