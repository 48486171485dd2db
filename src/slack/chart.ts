/** The hours before a step as a picture: the measure, both bounds, and where it stands now. */
import type { Message } from '../channels/channel.ts'
import { DAY_MS } from '../engine/zone.ts'
import { type BreachData, breachData } from '../message/data.ts'
import { cut, oneLine } from '../text.ts'
import { clock, minutes } from '../wording/format.ts'
import type { Reader } from '../wording/reader.ts'
import { blank, type Canvas, dot, line, type Point, TEXT_HEIGHT, textWidth, write } from './canvas.ts'
import { png } from './png.ts'
import type { File } from './upload.ts'

const WIDTH = 720
const HEIGHT = 320
const PLOT = { left: 84, right: WIDTH - 20, top: 16, bottom: HEIGHT - 34 }
const PALETTE = ['#ffffff', '#e3e6ea', '#5b6470', '#1f5fae', '#c62828', '#2e7d32']
const [GRID, INK, MEASURE, RAISE, CLEAR] = [1, 2, 3, 4, 5]
const TICKS = 4

export type Charted = Pick<BreachData, 'value' | 'raise' | 'clear'> & {
  recent: NonNullable<BreachData['recent']>
}

/** The chart of a message; null where it tells of no breach, or where too little is known of the hours before it. */
export function chartOf({ data }: Message, { time_zone }: Pick<Reader, 'time_zone'>): File | null {
  const breach = breachData.safeParse(data).data
  const { recent } = breach ?? {}
  if (!breach || !recent || recent.values.filter((value) => value !== null).length < 2) return null
  const rule = cut(oneLine(breach.rule), 60)
  const span = `${minutes(recent.from, time_zone)} to ${minutes(recent.to, time_zone)}`
  return {
    name: `${rule}.png`,
    title: `${rule}, ${breach.unit}: ${span}`,
    alt: `${rule} in ${breach.unit}, ${span}: now ${breach.value}, raise ${breach.raise}, clear ${breach.clear}`,
    type: 'image/png',
    bytes: chart({ ...breach, recent }, time_zone),
  }
}

/** A PNG; times are those of `zone`. */
export function chart({ value, raise, clear, recent }: Charted, zone: string): Uint8Array {
  const canvas = blank(WIDTH, HEIGHT)
  const values = recent.values.map((text) => (text === null ? null : Number(text)))
  const known = values.filter((number) => number !== null)
  const scale = scaleOf([...known, Number(value), Number(raise), Number(clear)])
  drawGrid(canvas, scale)
  drawTimes(canvas, recent, zone)
  const raiseIsUpper = Number(raise) >= Number(clear)
  drawBound(canvas, scale, { name: 'RAISE', at: raise, colour: RAISE, upper: raiseIsUpper })
  drawBound(canvas, scale, { name: 'CLEAR', at: clear, colour: CLEAR, upper: !raiseIsUpper })
  drawMeasure(canvas, scale, values, Number(value))
  return png({ ...canvas, palette: PALETTE })
}

interface Scale {
  ticks: number[]
  digits: number
  y(value: number): number
}

/** Round figures from below the lowest to above the highest. */
function scaleOf(values: readonly number[]): Scale {
  const [lowest, highest] = [Math.min(...values), Math.max(...values)]
  const least = (highest - lowest || Math.abs(highest) || 1) / TICKS
  const power = 10 ** Math.floor(Math.log10(least))
  const step = ([1, 2, 5].find((times) => times * power >= least) ?? 10) * power
  const from = Math.floor(lowest / step)
  const to = Math.ceil(highest / step)
  const perStep = (PLOT.bottom - PLOT.top) / (to - from || 1)
  return {
    ticks: Array.from({ length: to - from + 1 }, (_, i) => (from + i) * step),
    digits: Math.max(0, -Math.floor(Math.log10(step))),
    y: (value) => PLOT.bottom - (value / step - from) * perStep,
  }
}

function drawGrid(canvas: Canvas, { ticks, digits, y }: Scale): void {
  for (const tick of ticks) {
    line(canvas, { x: PLOT.left, y: y(tick) }, { x: PLOT.right, y: y(tick) }, GRID)
    const text = tick.toFixed(digits)
    write(canvas, text, { x: PLOT.left - 10 - textWidth(text), y: y(tick) - TEXT_HEIGHT / 2 }, INK)
  }
}

function drawTimes(canvas: Canvas, { from, to }: Charted['recent'], zone: string): void {
  const half = new Date((Date.parse(from) + Date.parse(to)) / 2).toISOString()
  const days = Date.parse(to) - Date.parse(from) > 2 * DAY_MS
  for (const [i, time] of [from, half, to].entries()) {
    const text = days ? clock(time, zone, FAR_AWAY).slice(5, 10) : clock(time, zone, time)
    const x = PLOT.left + ((PLOT.right - PLOT.left) * i) / 2
    const left = Math.min(x - textWidth(text) / 2, PLOT.right - textWidth(text))
    write(canvas, text, { x: Math.max(left, PLOT.left), y: PLOT.bottom + 12 }, INK)
  }
}

/** No time is on the same day as this one. */
const FAR_AWAY = '1970-01-02T00:00:00Z'

function drawBound(
  canvas: Canvas,
  { y }: Scale,
  { name, at, colour, upper }: { name: string; at: string; colour: number; upper: boolean },
): void {
  const height = y(Number(at))
  line(canvas, { x: PLOT.left, y: height }, { x: PLOT.right, y: height }, colour, { thick: 2, dash: 6 })
  const beside = upper ? height - TEXT_HEIGHT - 4 : height + 5
  const top = Math.min(Math.max(beside, 0), PLOT.bottom - TEXT_HEIGHT)
  write(canvas, `${name} ${at}`, { x: PLOT.left + 6, y: top }, colour)
}

/** One value a step, where it ends; where nothing was observed the line is broken. The last one is what was told. */
function drawMeasure(canvas: Canvas, { y }: Scale, values: readonly (number | null)[], told: number): void {
  const step = (PLOT.right - PLOT.left) / values.length
  let before: Point | null = null
  for (const [i, value] of [...values.slice(0, -1), told].entries()) {
    if (value === null) {
      before = null
      continue
    }
    const here: Point = { x: PLOT.left + step * (i + 1), y: y(value) }
    line(canvas, before ?? here, here, MEASURE, { thick: 3 })
    before = here
  }
  dot(canvas, { x: PLOT.right, y: y(told) }, MEASURE, 9)
}
