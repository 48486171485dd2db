/** The live table: one screen that is drawn again in place. */
import type { PairStanding } from '../store/demo.ts'
import { clip, columns, painter, type Style } from '../table.ts'
import type { News } from './news.ts'
import { clockTime, metalTitle, money, type State, stateInWords, stateOf } from './view.ts'

export interface Board {
  standings: readonly PairStanding[]
  news: readonly News[]
  started: Date
  now: Date
}

const HEAD = ['METAL', 'SHANGHAI USD/oz', 'LONDON USD/oz', 'PREMIUM USD/oz', '      %', 'STATE', 'LAST ALERT']
const ALIGN = ['left', 'right', 'right', 'right', 'right', 'left', 'left'] as const
const NEWS_SHOWN = 8
const STATE_COLUMN = 5
// so that the columns do not move when a state changes
const WIDEST_STATE = 'RAISED, clearing 2 of 3 s'.length

const STYLES: Record<State, Style> = {
  waiting: 'dim',
  ok: 'green',
  pending: 'yellow',
  raised: 'red',
  clearing: 'yellow',
  'not comparable': 'dim',
}

/** Lines no wider than `width`; `colour` decides about escape sequences. */
export function drawBoard(board: Board, width: number, colour: boolean): string[] {
  const paint = painter(colour)
  const { standings, news, started, now } = board
  const seconds = Math.floor((now.getTime() - started.getTime()) / 1000)
  const table = columns([HEAD, ...standings.map(cells)], ALIGN, (cell, row, column) => {
    if (row === 0) return paint('dim', cell)
    const standing = standings[row - 1]
    return column === STATE_COLUMN && standing ? paint(STYLES[stateOf(standing)], cell) : cell
  })
  const told = news.slice(-NEWS_SHOWN).map(({ time, text }) => `${clockTime(new Date(time))}  ${text}`)
  const lines = [
    paint('yellow', `SIMULATED PRICES: invented on this machine, no market moves here.  ${seconds} s`),
    '',
    ...table,
    '',
    ...told,
  ]
  return lines.map((line) => clip(line, width))
}

/** One line a pair, for where nothing can be drawn again. */
export function plainLine(standing: PairStanding, now: Date): string {
  const { metal, east_usd, west_usd, as_quoted_usd, as_quoted_pct } = standing
  return (
    `${clockTime(now)}  ${metalTitle(metal)}: Shanghai ${money(east_usd)}, London ${money(west_usd)}, ` +
    `premium ${money(as_quoted_usd, true)} USD/oz (${money(as_quoted_pct, true)} %), ${stateInWords(standing)}`
  )
}

function cells(standing: PairStanding): string[] {
  const { metal, east_usd, west_usd, as_quoted_usd, as_quoted_pct } = standing
  const numbers = [money(east_usd), money(west_usd), money(as_quoted_usd, true), money(as_quoted_pct, true)]
  return [metalTitle(metal), ...numbers, stateInWords(standing).padEnd(WIDEST_STATE), alertInWords(standing)]
}

function alertInWords({ alert, alert_at, alert_state }: PairStanding): string {
  if (alert === null || alert_at === null) return 'none yet'
  return `${alert.replace('breach.', '')} ${clockTime(alert_at)}, ${alert_state}`
}
