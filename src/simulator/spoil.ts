/** Faults of the content: prices that are wrong before they are written, pages that are wrong after. */
import type { Exchange, Reply } from './exchange.ts'
import type { Fault } from './faults.ts'
import type { Price } from './prices.ts'

const WAF_PAGE =
  '<!DOCTYPE html><html><head><title>Request blocked</title></head><body>WAF: your request has been blocked.</body></html>'

export function spoilPrice(price: Price, fault: Fault | null): Price {
  if (fault !== 'zero' && fault !== 'unit-error') return price
  const spoil = (text: string) => (fault === 'zero' ? '0' : timesThousand(text))
  const { bid, ask } = price
  return { ...price, price: spoil(price.price), bid: bid && spoil(bid), ask: ask && spoil(ask) }
}

/** Exact, on the text: '13.5' is '13500'. */
function timesThousand(price: string): string {
  const [whole = '', fraction = ''] = price.split('.')
  const moved = `${whole}${fraction.padEnd(3, '0').slice(0, 3)}`.replace(/^0+(?=\d)/, '')
  return fraction.length > 3 ? `${moved}.${fraction.slice(3)}` : moved
}

export function spoilPage(reply: Reply, fault: Fault | null, exchange: Exchange): Reply {
  if (fault === '500' || fault === '503' || fault === '403') {
    return { status: Number(fault), content_type: 'text/html', body: Buffer.from(`<h1>${fault}</h1>`) }
  }
  if (fault === 'waf') return { status: 200, content_type: 'text/html', body: Buffer.from(WAF_PAGE) }
  if (fault === 'empty') return { ...reply, body: Buffer.alloc(0) }
  if (fault === 'truncated')
    return { ...reply, body: reply.body.subarray(0, Math.floor(reply.body.length / 2)) }
  if (fault === 'wrong-instrument') return { ...reply, body: mislabelled(reply.body, exchange) }
  return reply
}

function mislabelled(body: Buffer, exchange: Exchange): Buffer {
  const text = exchange.mislabel.reduce(
    (page, [name, other]) => page.replaceAll(name, other),
    body.toString('latin1'),
  )
  return Buffer.from(text, 'latin1')
}
