/** Shanghai Gold Exchange, delayed curve: 24 hours from 20:00, yesterday's prices in the minutes to come. */
import { type Asked, type Exchange, json, type Reply, type View } from '../exchange.ts'
import { localTime } from '../local-time.ts'

const INSTRUMENTS: Record<string, string> = { 'Ag(T+D)': 'ag-td', 'Au(T+D)': 'au-td' }
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
// Beijing is UTC+8 all year; the exchange's day starts at 20:00, which is 12:00 UTC
const SESSION_OFFSET = 12 * 60 * MINUTE

const clockTimes = Array.from({ length: 1440 }, (_, i) => {
  const minute = (20 * 60 + i) % 1440
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
})
const TIMES = JSON.stringify(clockTimes)

function quotations(asked: Asked, view: View): Reply {
  const wanted = asked.form.get('instid') ?? ''
  // asked for something that it does not know, the exchange answers with gold and status 200
  const heyue = Object.hasOwn(INSTRUMENTS, wanted) ? wanted : 'Au99.99'
  const name = INSTRUMENTS[heyue] ?? 'au-td'
  const latest = view.latest(name)
  if (!latest) return json(`{"times":[],"data":[],"min":0,"max":0,"heyue":"${heyue}","delaystr":""}`)
  const data = curve(view, name, latest.at)
  const numbers = data.filter((price) => price !== null).map(Number)
  const min = numbers.reduce((a, b) => Math.min(a, b), Number(latest.price))
  const max = numbers.reduce((a, b) => Math.max(a, b), Number(latest.price))
  const { date, time } = localTime(latest.at, 'Asia/Shanghai')
  const [year, month, day] = date.split('-')
  return json(
    `{"times":${TIMES},"data":${JSON.stringify(data)},"min":${min},"max":${max},` +
      `"heyue":"${heyue}","delaystr":"${year}年${month}月${day}日 ${time}"}`,
  )
}

function curve(view: View, name: string, latest: number): (string | null)[] {
  const opened = Math.floor((latest - SESSION_OFFSET) / DAY) * DAY + SESSION_OFFSET
  const data: (string | null)[] = clockTimes.map(() => null)
  const shownMinutes = Math.floor((latest - opened) / MINUTE) + 1
  for (const old of view.between(name, opened - DAY + shownMinutes * MINUTE, opened))
    data[Math.floor((old.at - opened + DAY) / MINUTE)] = old.price
  for (const today of view.between(name, opened, latest + 1))
    data[Math.floor((today.at - opened) / MINUTE)] = today.price
  return data
}

export default {
  series: {
    'ag-td': { zone: 'Asia/Shanghai', time: '15:00' },
    'au-td': { zone: 'Asia/Shanghai', time: '15:00' },
  },
  paths: ['/graph/quotations'],
  answer: quotations,
  mislabel: [
    ['Ag(T+D)', 'Au99.99'],
    ['Au(T+D)', 'Au99.99'],
  ],
} satisfies Exchange
