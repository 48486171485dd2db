/** LBMA prices: one file a metal with every day since the beginning; v is [USD, GBP, EUR]. */
import { type Asked, type Exchange, history, json, jsonNumber, type Reply, type View } from '../exchange.ts'
import { localTime } from '../local-time.ts'

const ZONE = 'Europe/London'
const NAMES: Record<string, string> = {
  '/json/silver.json': 'silver',
  '/json/gold_am.json': 'gold-am',
  '/json/gold_pm.json': 'gold-pm',
}

function prices(asked: Asked, view: View): Reply {
  const rows = history(view, NAMES[asked.path] ?? '').map(
    (price) =>
      `{"is_cms_locked":0,"d":"${localTime(price.at, ZONE).date}","v":[${jsonNumber(price.price)},null,null]}`,
  )
  return json(`[${rows}]`)
}

export default {
  series: {
    silver: { zone: ZONE, time: '12:00' },
    'gold-am': { zone: ZONE, time: '10:30' },
    'gold-pm': { zone: ZONE, time: '15:00' },
  },
  paths: Object.keys(NAMES),
  answer: prices,
  // the page does not name its instrument
  mislabel: [],
} satisfies Exchange
