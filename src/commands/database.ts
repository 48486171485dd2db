/** `metalgap database`: the url for psql and dashboards, of a role that reads the views and nothing else. */
import { printLines, printObject } from '../command-line/print.ts'
import { embeddedFolder, readingUrl } from '../open-database.ts'
import { runningIn } from '../run-file.ts'
import type { Settings } from '../settings.ts'
import type { CommandFile } from './command.ts'

export default {
  summary: 'prints the url for psql and dashboards: it reads the views of `reporting` and nothing else',
  examples: [
    'database',
    'database --psql',
    'database --json',
    `database | xargs -I URL psql URL -c 'select * from reporting.premiums_latest'`,
  ],
  reads: true,
  configure(program) {
    program.option('--psql', 'a line that is ready to run')
  },
  async run({ options: { psql = false, json = false } }, settings) {
    const url = await readingUrl(settings)
    if (json) printObject({ url })
    else await printLines([psql ? `psql '${url}' -c 'select * from reporting.premiums_latest'` : url])
    for (const note of notes(settings)) console.error(note)
    return 0
  },
} satisfies CommandFile<{ psql?: boolean; json?: boolean }>

function notes(settings: Settings): string[] {
  if (settings.databaseUrl !== undefined)
    return [
      `The role metalgap_reader has no password of ours: as administrator, once, alter role metalgap_reader password '...'`,
    ]
  if (runningIn(embeddedFolder(settings)) !== null) return []
  return ['Nothing runs now: the database can be reached at this url while metalgap start or demo runs.']
}
