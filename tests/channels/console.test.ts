import { expect, test } from 'vitest'
import console, { consoleChannel } from '../../src/channels/console.ts'
import { ATTEMPT, breach } from './samples.ts'

const settings = { ...console.example, stream: 'stdout' as const }
const WAY = { allow_private: [], deadline_ms: 15_000, life: new AbortController().signal }

async function printed(colour: boolean, maybe_repeated = false): Promise<string> {
  let text = ''
  const writer = {
    colour,
    write: async (more: string) => {
      text += more
    },
  }
  const channel = consoleChannel({ stdout: writer, stderr: { colour, write: async () => {} } })
  await channel.deliver(channel.render(breach(), settings), { ...ATTEMPT, maybe_repeated }, settings, WAY)
  return text
}

test('a breach is one line to read and the facts below it', async () => {
  expect(await printed(false)).toBe(`\
WARNING silver: Shanghai 8.00 USD/oz (10.00 %) over London, up from 4.91 - above 5.50 since 14:55 Shanghai
  What:      rule example-gap on example-pair: as_quoted_usd above 5.50 USD/oz, clear at 5.00
  How much:  8.00 USD/oz (10.00 %) as quoted; -2.12 USD/oz (-2.65 %) ex tax; furthest 8.00 USD/oz
  Change:    from 4.91 at 2026-01-29 14:54 Shanghai to 8.00 USD/oz; bounds 5.50 and 5.00
  Last 6 h:  ▁▁·▁▁▁▃▇ 4.65 to 8.00 USD/oz
  Why now:   the first message of this breach (first)
  Since:     2026-01-29 14:55:46 Shanghai (06:55:46 London), raised 2026-01-29 15:00:46 Shanghai (07:00:46 London)
  Shanghai:  19,805 CNY/kg at 2026-01-29 14:59:46 Shanghai (06:59:46 London), example/east
  London:    80.00 USD/oz at 2026-01-29 07:00:46 London (15:00:46 Shanghai), example/west
  Rate:      1 USD = 7.0000 CNY at 2026-01-29 15:00:46 Shanghai (07:00:46 London), example/usdcny
  Tax:       the Shanghai price is taken to include VAT; ex tax is without it
  Costs:     example-exposure: 80,006.23 USD per year
  Evidence:  metalgap explain 00000000-0000-4000-8000-000000000000
`)
})

test('colour appears only where the terminal has it', async () => {
  expect(await printed(false)).not.toContain('\u001b')
  expect(await printed(true)).toContain('\u001b[33mWARNING')
})

test('what may have been printed before says so', async () => {
  expect(await printed(false, true)).toMatch(/sent again/)
})
