import { describe, expect, test } from 'vitest'
import feed from '../../src/feeds/sina.ts'

function parse(page: string, ...lines: string[]) {
  return feed.parse({
    page,
    content_type: 'application/javascript; charset=GB18030',
    bytes: Buffer.from(lines.join('\n'), 'latin1'),
  })
}
const spot = (symbol: string, fields: Partial<Record<number, string>> = {}) => {
  const line = '41.25,41.10,41.24,41.26,42,41,11:08:00,41.1,41.2,0,0,0,2030-07-29,\xc2\xd7\xb6\xd8'.split(',')
  for (const [at, text] of Object.entries(fields)) line[Number(at)] = text ?? ''
  return `var hq_str_${symbol}="${line}";`
}

describe('the request', () => {
  test('asks for the wanted symbols only, with the Referer that the source insists on', () => {
    expect(feed.pages(['ag-td', 'xag', 'usdcny'])).toMatchObject([
      {
        page: 'ag-td,xag,usdcny',
        path: '/list=gds_AGTD,hf_XAG,fx_susdcny',
        headers: { referer: 'https://finance.sina.com.cn' },
      },
    ])
  })
})

describe('a page that contradicts itself', () => {
  test('has no price of a symbol with two of them, and those of the others', () => {
    const read = parse('xag,xau', spot('hf_XAG'), spot('hf_XAU'), spot('hf_XAG', { 0: '43.25' }))
    expect(read.quotes.map(({ name }) => name)).toEqual(['xau'])
    expect(read.refused).toEqual([{ name: 'xag', problem: 'hf_XAG is named twice, and says two things' }])
  })
  test('is none when it only repeats itself', () => {
    expect(parse('xag', spot('hf_XAG'), spot('hf_XAG')).quotes).toHaveLength(1)
  })
})

describe('the fields', () => {
  test('of London spot: [0] is the last price, [7] the previous one, and the time is Beijing time', () => {
    expect(parse('xag', spot('hf_XAG')).quotes).toEqual([
      { name: 'xag', at: new Date('2030-07-29T03:08:00Z'), price: '41.25', bid: '41.24', ask: '41.26' },
    ])
  })

  test('of a future: [8] is the last price; [2] and [5] only look like it', () => {
    const line =
      'var hq_str_nf_AG0="\xb0\xd7,150000,13480.000,13986.000,13386.000,13753.000,13750.000,13752.000,13751.000,1,1,2,2,3,4,\xbb\xa6,\xb0\xd7,2030-07-20,1";'
    expect(parse('ag-shfe', line).quotes).toEqual([
      {
        name: 'ag-shfe',
        at: new Date('2030-07-20T07:00:00Z'),
        price: '13751.000',
        bid: '13750.000',
        ask: '13752.000',
      },
    ])
  })

  test('of a future in the morning: the hour has one digit', () => {
    const line = 'var hq_str_nf_AG0="n,91500,1,1,1,1,8,8,8,1,1,2,2,3,4,x,y,2030-07-20,1";'
    expect(parse('ag-shfe', line).quotes).toMatchObject([{ at: new Date('2030-07-20T01:15:00Z') }])
  })

  test('of the yuan: [8] is the last price and the date stands at the end', () => {
    const line =
      'var hq_str_fx_susdcnh="20:04:37,6.9700000000,6.9720000000,6.9752,234.0,6.9677,6.9768,6.9534,6.9710,n,-0.06,-0.0042,0.02,x,0,0,,2030-07-20";'
    expect(parse('usdcnh', line).quotes).toMatchObject([
      { at: new Date('2030-07-20T12:04:37Z'), price: '6.9710' },
    ])
  })

  test("of a line after midnight keep the line's own date", () => {
    const yesterday = parse('xag', spot('hf_XAG', { 6: '00:00:03', 12: '2030-07-29' }))
    expect(yesterday.quotes).toMatchObject([{ at: new Date('2030-07-28T16:00:03Z') }])
  })

  test('keep a last price that lies outside bid and ask, and drop a side that is none', () => {
    expect(parse('ag-td', spot('gds_AGTD', { 0: '40.00', 3: '0.00' })).quotes).toMatchObject([
      { price: '40.00', bid: '41.24' },
    ])
    expect(parse('ag-td', spot('gds_AGTD', { 3: '0.00' })).quotes[0]).not.toHaveProperty('ask')
  })
})

describe('a bad line fails alone', () => {
  test('an unknown symbol is an empty string', () => {
    const { quotes, refused } = parse('xag,xau', spot('hf_XAG'), 'var hq_str_hf_XAU="";')
    expect(quotes).toMatchObject([{ name: 'xag' }])
    expect(refused).toEqual([{ name: 'xau', problem: 'hf_XAU is unknown to the source' }])
  })

  test('a symbol that does not come back is missed, and one that nobody asked for is ignored', () => {
    const { quotes, refused } = parse('xag,xau', spot('hf_XAG'), spot('hf_XPT'))
    expect(quotes.map((quote) => quote.name)).toEqual(['xag'])
    expect(refused).toEqual([{ name: 'xau', problem: 'no line for hf_XAU' }])
  })

  test.for([
    [0, ''],
    [0, '0.00'],
    [0, '---'],
    [0, '-41.25'],
    [0, 'nan'],
    [6, ''],
    [6, '24:00:00'],
    [12, '2030-02-30'],
    [12, '0'],
  ] as const)('field %s is "%s"', ([field, text]) => {
    const { quotes, refused } = parse('xag,xau', spot('hf_XAG', { [field]: text }), spot('hf_XAU'))
    expect(quotes.map((quote) => quote.name)).toEqual(['xau'])
    expect(refused.map((each) => each.name)).toEqual(['xag'])
  })

  test('a line that lost its end is refused', () => {
    expect(parse('xag', 'var hq_str_hf_XAG="41.25,41.1,41.24";').refused).toMatchObject([{ name: 'xag' }])
  })
})

describe('the page', () => {
  test('is GB18030: a name never swallows the field after it', () => {
    const { quotes } = parse('ag-td', spot('gds_AGTD', { 13: '\xb0\xd7\xd2\xf8\xd1\xd3\xc6\xda' }))
    expect(quotes).toMatchObject([{ name: 'ag-td' }])
  })

  test('with anything but lines of quotes is not understood', () => {
    expect(() => parse('xag', 'Kinsoku jikou desu!')).toThrow('expected lines such as')
    expect(() => parse('xag', spot('hf_XAG'), 'alert(1)')).toThrow('expected lines such as')
  })
})
