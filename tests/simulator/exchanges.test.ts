import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { simulatedClock } from '../../src/simulator/clock.ts'
import { type Exchanges, startExchanges } from '../../src/simulator/exchanges.ts'
import { recordedPrices } from '../../src/simulator/prices.ts'

const beijing = (time: string) => Date.parse(`2030-05-07T${time}+08:00`)
const clock = simulatedClock({ real: () => 0, at: new Date(0) })
const prices = recordedPrices([
  { series: 'sge-delayed/ag-td', at: beijing('10:00:00') - 24 * 3_600_000, price: '8000' },
  { series: 'sge-delayed/ag-td', at: beijing('10:30:10') - 24 * 3_600_000, price: '8100' },
  { series: 'sge-delayed/ag-td', at: beijing('10:00:10'), price: '9000' },
  { series: 'sge-delayed/ag-td', at: beijing('10:00:50'), price: '9001' },
  { series: 'lbma/silver', at: Date.parse('2030-05-06T11:00:00Z'), price: '41.005' },
  { series: 'sina/xag', at: beijing('10:14:00'), price: '40.10', bid: '40.09', ask: '40.11' },
])

let exchanges: Exchanges
beforeEach(async () => {
  clock.set(new Date(beijing('10:15:59')))
  exchanges = await startExchanges({ prices, clock })
})
afterEach(() => exchanges.close())

const curve = async (instid = 'Ag(T+D)') => {
  const body = new URLSearchParams({ instid })
  const response = await fetch(`${exchanges.url}/graph/quotations`, { method: 'POST', body })
  return (await response.json()) as {
    times: string[]
    data: (string | null)[]
    heyue: string
    delaystr: string
  }
}
const sina = (symbols: string, headers = { referer: 'https://finance.sina.com.cn' }) =>
  fetch(`${exchanges.url}/list=${symbols}`, { headers })
const silver = () => fetch(`${exchanges.url}/json/silver.json`)

describe('the delayed curve', () => {
  test('is a quarter of an hour behind and has yesterday in the minutes to come', async () => {
    const { times, data, delaystr } = await curve()
    expect(delaystr).toBe('2030年05月07日 10:00:50')
    expect(times[0]).toBe('20:00')
    expect(times).toHaveLength(1440)
    expect(data[times.indexOf('10:00')]).toBe('9001')
    expect(data[times.indexOf('09:59')]).toBeNull()
    expect(data[times.indexOf('10:30')]).toBe('8100')
  })

  test('is of gold when asked for an instrument that does not exist', async () => {
    expect((await curve('Ag(T D)')).heyue).toBe('Au99.99')
  })
})

describe('the aggregator', () => {
  test('wants a Referer', async () => {
    expect((await sina('hf_XAG', { referer: '' })).status).toBe(403)
  })

  test('writes GB18030, and nothing for a symbol that it does not know', async () => {
    const text = new TextDecoder('gb18030').decode(await (await sina('hf_XAG,nf_NOPE')).arrayBuffer())
    expect(text).toBe(
      'var hq_str_hf_XAG="40.10,40.10,40.09,40.11,40.10,40.10,10:14:00,40.10,40.10,0,0,0,2030-05-07,伦敦银（现货白银）";\n' +
        'var hq_str_nf_NOPE="";\n',
    )
  })
})

describe('a fault', () => {
  test('lasts for as many requests as it was given', async () => {
    exchanges.faults.set('lbma', '503', 2)
    const statuses = [(await silver()).status, (await silver()).status, (await silver()).status]
    expect(statuses).toEqual([503, 503, 200])
    expect(exchanges.asked('lbma')).toBe(3)
  })

  test('of one feed leaves the others alone', async () => {
    exchanges.faults.set('sina', 'outage')
    await expect(sina('hf_XAG')).rejects.toThrow()
    expect((await silver()).status).toBe(200)
  })

  test.for([
    ['waf', /^<!DOCTYPE html>/],
    ['empty', /^$/],
    ['truncated', /^\[\{[^\]]*$/],
    ['zero', /"v":\[0,null,null\]/],
    ['unit-error', /"v":\[41005,null,null\]/],
  ] as const)('%s spoils the page', async ([fault, expected]) => {
    exchanges.faults.set('lbma', fault)
    expect(await (await silver()).text()).toMatch(expected)
  })

  test('reset cuts the connection in the middle of the page', async () => {
    exchanges.faults.set('lbma', 'reset')
    const response = await silver()
    await expect(response.text()).rejects.toThrow()
  })

  test.for(['hang', 'slow-loris'] as const)('%s outlasts the patience of the caller', async (fault) => {
    exchanges.faults.set('lbma', fault)
    const impatient = AbortSignal.timeout(300)
    await expect(
      fetch(`${exchanges.url}/json/silver.json`, { signal: impatient }).then((r) => r.text()),
    ).rejects.toThrow()
  })

  test('redirect points at another host', async () => {
    exchanges.faults.set('lbma', 'redirect')
    const response = await fetch(`${exchanges.url}/json/silver.json`, { redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([302, 'http://elsewhere.invalid/'])
  })

  test('frozen repeats the first page while the market moves on', async () => {
    exchanges.faults.set('sina', 'frozen')
    const first = await (await sina('hf_XAG')).text()
    clock.set(new Date(beijing('10:13:00')))
    expect(await (await sina('hf_XAG')).text()).toEqual(first)
    exchanges.faults.set('sina', null)
    expect(await (await sina('hf_XAG')).text()).not.toEqual(first)
  })

  test('wrong-instrument changes the name and keeps the price', async () => {
    exchanges.faults.set('sge-delayed', 'wrong-instrument')
    const { heyue, data } = await curve()
    expect(heyue).toBe('Au99.99')
    expect(data).toContain('9001')
  })
})

describe('an outside driver', () => {
  const post = async (path: string, body: unknown) =>
    (await fetch(`${exchanges.url}/simulator/${path}`, { method: 'POST', body: JSON.stringify(body) })).json()

  test('sets and steps the clock', async () => {
    expect(await post('clock', { at: '2030-05-08T00:00:00Z', step_ms: 1000 })).toMatchObject({
      now: '2030-05-08T00:00:01.000Z',
      speed: 0,
    })
  })

  test('sets and heals faults', async () => {
    expect(await post('faults', { sina: 'hang', lbma: { fault: '503', times: 1 } })).toMatchObject({
      faults: { sina: 'hang', lbma: '503' },
    })
    expect(await post('faults', { sina: null, lbma: null })).toMatchObject({ faults: {} })
  })

  test.for([
    ['clock', { at: 'noon' }, 'at: found "noon", expected an ISO time'],
    ['clock', { speed: 'fast' }, 'speed: found "fast", expected a number'],
    ['faults', { comex: 'hang' }, 'found feed "comex", expected one of sge-delayed'],
    ['faults', { sina: 'sulks' }, 'sina: found "sulks", expected null or one of 403'],
    ['faults', 'hang', 'expected a JSON object'],
  ] as const)('is told what is wrong with %s %j', async ([path, body, problem]) => {
    expect(await post(path, body)).toMatchObject({ error: expect.stringContaining(problem) })
  })
})
