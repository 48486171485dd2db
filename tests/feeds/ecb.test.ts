import { expect, test } from 'vitest'
import feed from '../../src/feeds/ecb.ts'

const parse = (text: string) =>
  feed.parse({ page: 'daily', content_type: 'text/xml', bytes: Buffer.from(text) })
const daily = (date: string, rates: Record<string, string>) => {
  const cubes = Object.entries(rates).map(
    ([currency, rate]) => `<Cube currency='${currency}' rate='${rate}'/>`,
  )
  return `<?xml version="1.0"?><e:Envelope xmlns:e="urn:e" xmlns="urn:x"><Cube><Cube time='${date}'>${cubes.join('')}</Cube></Cube></e:Envelope>`
}

test('the rate is the yuan over the dollar, at 16:00 Central European time of its date', () => {
  expect(parse(daily('2030-01-15', { USD: '1.25', CNY: '8.75' })).quotes).toEqual([
    { name: 'usdcny', at: new Date('2030-01-15T15:00:00Z'), price: '7.000000' },
  ])
  expect(parse(daily('2030-07-15', { USD: '1.25', CNY: '8.75' })).quotes).toMatchObject([
    { at: new Date('2030-07-15T14:00:00Z') },
  ])
})

test('the cross is rounded half to even at the sixth decimal, exactly', () => {
  const cross = (cny: string, usd: string) =>
    parse(daily('2030-01-15', { USD: usd, CNY: cny })).quotes[0]?.price
  expect(cross('8.4001', '1.2')).toBe('7.000083')
  expect(cross('14.000001', '2')).toBe('7.000000')
  expect(cross('14.000003', '2')).toBe('7.000002')
  expect(cross('7', '3')).toBe('2.333333')
  expect(cross('20', '3')).toBe('6.666667')
})

test('a rate that is missing or zero is refused, never made up', () => {
  expect(parse(daily('2030-01-15', { USD: '1.2', CNH: '8.4' })).refused).toMatchObject([
    { name: 'usdcny', problem: expect.stringContaining('CNY rate is missing') },
  ])
  expect(parse(daily('2030-01-15', { USD: '0', CNY: '8.4' })).refused).toMatchObject([{ name: 'usdcny' }])
})

test('a day without rates is no quote', () => {
  expect(parse('<e><Cube></Cube></e>')).toEqual({ quotes: [], refused: [] })
})

test('a document type could define entities and is not read', () => {
  const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><x><Cube/></x>'
  expect(() => parse(`<?xml version="1.0"?>${bomb}`)).toThrow('document type')
})

test('rates of several dates are another page', () => {
  const two = `<e><Cube time='2030-01-15'/><Cube time='2030-01-14'/></e>`
  expect(() => parse(two)).toThrow('expected the rates of one date; got 2030-01-15, 2030-01-14')
})
