/** CFETS: the fixing of 09:15 and the spot market; `---` where a number is missing. */
import { type Asked, type Exchange, json, type Reply, type View } from '../exchange.ts'
import { localTime } from '../local-time.ts'

const ZONE = 'Asia/Shanghai'
const FIXING = '/r/cms/www/chinamoney/data/fx/ccpr.json'
const SPOT = '/r/cms/www/chinamoney/data/fx/rfx-sp-quot.json'

function rates(asked: Asked, view: View): Reply {
  return asked.path === FIXING ? fixing(view) : spot(view)
}

function fixing(view: View): Reply {
  const head = `"head":{"version":"2.0","provider":"CWAP","rep_code":"200","ts":${Math.floor(view.now)}}`
  const latest = view.latest('usdcny-fixing')
  if (!latest) return json(`{${head},"data":{"lastDateEn":"","lastDate":""},"records":[]}`)
  const { date } = localTime(latest.at, ZONE)
  const [year, month, day] = date.split('-')
  const record = `{"vrtCode":"1","vrtName":"美元/人民币","vrtEName":"USD/CNY","price":"${latest.price}","bp":"21.00","bpDouble":21.0}`
  return json(
    `{${head},"data":{"lastDateEn":"${day}/${month}/${year} 9:15","lastDate":"${date} 9:15"},"records":[${record}]}`,
  )
}

function spot(view: View): Reply {
  const latest = view.latest('usdcny-spot')
  if (!latest) return json('{"head":{"rep_code":"200"},"data":{"showDateCN":""},"records":[]}')
  const { date, time } = localTime(latest.at, ZONE)
  const bid = latest.bid ?? latest.price
  const ask = latest.ask ?? latest.price
  const record = `{"ccyPair":"USD/CNY","bidPrc":"${bid}","askPrc":"${ask}","midprice":"---","time":""}`
  return json(`{"head":{"rep_code":"200"},"data":{"showDateCN":"${date} ${time}"},"records":[${record}]}`)
}

export default {
  series: {
    'usdcny-fixing': { zone: ZONE, time: '09:15' },
    'usdcny-spot': { zone: ZONE, time: '16:30' },
  },
  paths: [FIXING, SPOT],
  answer: rates,
  mislabel: [['USD/CNY', 'EUR/CNY']],
} satisfies Exchange
