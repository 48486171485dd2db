/** Numbers and times as a table shows them; `-` where there is nothing. */

const MINUTE_S = 60
const HOUR_S = 3_600
const DAY_S = 86_400

/** '2026-01-29 07:00:46Z' */
export function utc(time: Date | null): string {
  return time === null ? '-' : `${time.toISOString().slice(0, 19).replace('T', ' ')}Z`
}

/** '2026-01-29 07:00:46.120Z' */
export function utcExact(time: Date): string {
  return time.toISOString().replace('T', ' ')
}

/** '46 s', '14 min 16 s', '2 h 5 min', '3 d 4 h' */
export function span(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000)
  const both = (large: number, small: number, words: readonly [string, string]) => {
    const rest = Math.floor((seconds % large) / small)
    return `${Math.floor(seconds / large)} ${words[0]}${rest === 0 ? '' : ` ${rest} ${words[1]}`}`
  }
  const text =
    seconds < MINUTE_S
      ? `${seconds} s`
      : seconds < HOUR_S
        ? both(MINUTE_S, 1, ['min', 's'])
        : seconds < DAY_S
          ? both(HOUR_S, MINUTE_S, ['h', 'min'])
          : both(DAY_S, HOUR_S, ['d', 'h'])
  return ms < 0 ? `-${text}` : text
}

/** Of seconds as text, which is how the views give an age. */
export function age(seconds: string | null): string {
  return seconds === null ? '-' : span(Number(seconds) * 1000)
}

/** '+15.20'; small figures keep four decimals. */
export function signed(figure: string | null): string {
  return figure !== null && Number(figure) > 0 ? `+${plain(figure)}` : plain(figure)
}

/** '133.99' */
export function plain(figure: string | null): string {
  if (figure === null) return '-'
  const number = Number(figure)
  return number.toFixed(number !== 0 && Math.abs(number) < 1 ? 4 : 2)
}

/** '+12.79' of percentage points */
export function percent(figure: string | null): string {
  if (figure === null) return '-'
  const text = Number(figure).toFixed(2)
  return Number(text) > 0 ? `+${text}` : text
}

/** '29925 CNY/kg'; a rate reads '6.9462 CNY/USD' */
export function priced(price: string, currency: string, unit: string | null): string {
  return `${price} ${currency}/${unit ?? 'USD'}`
}
