/** Prints a message for a person who watches. */
import { z } from 'zod'
import { openWriter, type Writer } from '../terminal.ts'
import { closing } from '../wording/closing.ts'
import { readerSettings } from '../wording/settings.ts'
import { wording } from '../wording.ts'
import type { LocalChannel } from './channel.ts'

const settings = z.strictObject({
  stream: z.enum(['stdout', 'stderr']).default('stdout'),
  ...readerSettings,
})

type Settings = z.infer<typeof settings>

const BOLD_RED = '\u001b[1;31m'
const YELLOW = '\u001b[33m'
const GREEN = '\u001b[32m'
const DIM = '\u001b[2m'
const RESET = '\u001b[0m'

export function consoleChannel(writers: Record<Settings['stream'], Writer>): LocalChannel<Settings> {
  return {
    regime: 'local',
    settings,
    example: { stream: 'stderr', time_zone: 'UTC', locale: 'en', templates: {} },
    min_gap_ms: 0,
    url: () => null,
    render(message, reader) {
      const { headline, lines, link } = wording(message, reader)
      const linked = link === null ? lines : [...lines, { label: 'Link', text: link }]
      const shown = linked.map(({ label, text }) =>
        label === '' ? `  ${text}` : `  ${`${label}:`.padEnd(10)} ${text}`,
      )
      return [headline, ...shown].join('\n')
    },
    async deliver(body, attempt, { stream, ...reader }) {
      const out = writers[stream]
      const [headline = '', ...lines] = [body, ...closing(attempt, reader).map((line) => `  ${line}`)]
        .join('\n')
        .split('\n')
      const shown = out.colour
        ? [painted(headline), ...lines.map((line) => `${DIM}${line}${RESET}`)]
        : [headline, ...lines]
      await out.write(`${shown.join('\n')}\n`)
      return { verdict: { is: 'delivered' } }
    },
  }
}

export default consoleChannel({ stdout: openWriter(process.stdout), stderr: openWriter(process.stderr) })

function painted(headline: string): string {
  if (/\bCRITICAL\b/.test(headline)) return `${BOLD_RED}${headline}${RESET}`
  if (/\b(CLEARED|RECOVERED)\b/.test(headline)) return `${GREEN}${headline}${RESET}`
  return `${YELLOW}${headline}${RESET}`
}
