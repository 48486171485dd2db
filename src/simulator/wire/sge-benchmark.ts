/** Shanghai benchmarks: `zp` is the morning, `wp` the afternoon; a date is the millisecond of Beijing midnight. */
import { type Asked, type Exchange, history, json, jsonNumber, type Reply, type View } from '../exchange.ts'
import { instantOf, localTime } from '../local-time.ts'

const ZONE = 'Asia/Shanghai'
const SILVER = '/graph/DayilyShsilverJzj'
const GOLD = '/graph/DayilyJzj'

function benchmark(asked: Asked, view: View): Reply {
  const metal = asked.path === SILVER ? 'shag' : 'shau'
  const start = asked.form.get('start') ?? '0000'
  const end = asked.form.get('end') ?? '9999'
  const rows = (name: string) =>
    history(view, name)
      .map((price) => ({ ...price, date: localTime(price.at, ZONE).date }))
      .filter((price) => price.date >= start && price.date <= end)
      .map((price) => `[${instantOf(price.date, '00:00', ZONE)},${jsonNumber(price.price)}]`)
  return json(`{"zp":[${rows(`${metal}-am`)}],"wp":[${rows(`${metal}-pm`)}]}`)
}

export default {
  series: {
    'shag-am': { zone: ZONE, time: '09:45' },
    'shag-pm': { zone: ZONE, time: '14:30' },
    'shau-am': { zone: ZONE, time: '10:15' },
    'shau-pm': { zone: ZONE, time: '14:15' },
  },
  paths: [SILVER, GOLD],
  answer: benchmark,
  // the page does not name its instrument
  mislabel: [],
} satisfies Exchange
