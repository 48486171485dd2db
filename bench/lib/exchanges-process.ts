/** The simulated exchanges in a process of their own, so that they share no event loop with what is measured. */
import { simulatedClock } from '../../src/simulator/clock.ts'
import { startExchanges } from '../../src/simulator/exchanges.ts'
import { scriptedPrices } from '../../src/simulator/scripted.ts'
import { HIGH, LOW } from './prices.ts'

// six hours ago, so that no price is of the future however fast the clock runs; even: prices begin low
const EVEN_SECOND = Math.floor((Date.now() - 6 * 3_600_000) / 2000) * 2000

const clock = simulatedClock({ real: Date.now, at: new Date(EVEN_SECOND) })
const isHigh = (at: number) => (at / 1000) % 2 === 1
const script = (series: keyof typeof LOW) => ({
  every_ms: 1000,
  quote: (at: number) => ({ price: (isHigh(at) ? HIGH : LOW)[series] }),
})
const prices = scriptedPrices({
  'sge-delayed/ag-td': script('sge-delayed/ag-td'),
  'sina/xag': script('sina/xag'),
  'cfets/usdcny-spot': script('cfets/usdcny-spot'),
})
const { url } = await startExchanges({ prices, clock, sge_delay_ms: 0 })
process.once('disconnect', () => process.exit())
process.send?.(url)
