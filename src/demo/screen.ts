/** Where the demo shows itself: a table in place on a terminal, lines elsewhere, JSON lines for programs. */
import type { PairStanding } from '../store/demo.ts'
import { drawBoard, plainLine } from './board.ts'
import type { News } from './news.ts'
import type { Summary } from './summary.ts'
import { clockTime } from './view.ts'

export interface Screen {
  show(standings: readonly PairStanding[], now: Date): void
  tell(news: News): void
  end(summary: Summary): void
}

export interface ScreenOptions {
  out: NodeJS.WriteStream
  json: boolean
  colour: boolean
  hints: readonly string[]
  started: Date
}

const PLAIN_EVERY_MS = 5_000

export function openScreen(options: ScreenOptions): Screen {
  if (options.json) return jsonScreen(options)
  return options.out.isTTY ? tableScreen(options) : plainScreen(options)
}

function jsonScreen({ out }: ScreenOptions): Screen {
  return {
    show: () => {},
    tell: ({ text: _text, ...event }) => void out.write(`${JSON.stringify(event)}\n`),
    end: ({ facts }) => void out.write(`${JSON.stringify(facts)}\n`),
  }
}

function plainScreen({ out, hints }: ScreenOptions): Screen {
  let shown_at = Number.NEGATIVE_INFINITY
  const write = (lines: readonly string[]) => void out.write(`${lines.join('\n')}\n`)
  write(['SIMULATED PRICES: invented on this machine, no market moves here.', ...hints, ''])
  return {
    show(standings, now) {
      const ready = standings.filter(({ time }) => time !== null)
      if (ready.length === 0 || now.getTime() - shown_at < PLAIN_EVERY_MS) return
      shown_at = now.getTime()
      write(ready.map((standing) => plainLine(standing, now)))
    },
    tell: ({ time, text }) => write([`${clockTime(new Date(time))}  ${text}`]),
    end: ({ lines }) => write(['', ...lines]),
  }
}

function tableScreen({ out, colour, hints, started }: ScreenOptions): Screen {
  const news: News[] = []
  let drawn = 0
  // printed once and in full, however narrow the terminal: they are there to be copied
  out.write(`${hints.join('\n')}\n\n`)
  return {
    show(standings, now) {
      const lines = drawBoard({ standings, news, started, now }, out.columns, colour)
      const fitting = lines.slice(0, Math.max(1, out.rows - 1))
      const up = drawn > 0 ? `\x1b[${drawn}A` : ''
      out.write(`${up}\r\x1b[J${fitting.join('\n')}\n`)
      drawn = fitting.length
    },
    tell: (event) => void news.push(event),
    end: ({ lines }) => void out.write(`\n${lines.join('\n')}\n`),
  }
}
