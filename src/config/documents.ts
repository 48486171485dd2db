/** The files of a configuration by what they are. */
import { join } from 'node:path'
import { didYouMean } from '../nearest.ts'
import { type Document, readDocument } from './document.ts'
import type { Texts } from './files.ts'
import type { Finding } from './finding.ts'
import type { SecretsReader } from './secrets.ts'

const SINGLE = ['channels', 'feeds', 'policy', 'network'] as const
type Single = (typeof SINGLE)[number]

export interface Documents extends Partial<Record<Single, Document>> {
  metals: Document[]
  calendars: Document[]
  shippedCalendars: Document[]
  findings: Finding[]
}

/** Reads every text; files that have no business in the folder are mistakes too, since a misspelt name would do nothing. */
export function openDocuments(
  folder: string,
  texts: Texts,
  shipped: Texts,
  secret: SecretsReader,
): Documents {
  const documents: Documents = { metals: [], calendars: [], shippedCalendars: [], findings: [] }
  const { findings } = documents
  for (const [path, text] of Object.entries(texts)) {
    const file = join(folder, path)
    const problem = misplaced(path)
    const document = problem ? null : readDocument(file, text, secret, findings)
    if (problem) findings.push({ file, line: 1, column: 1, message: problem })
    if (!document) continue
    if (path.startsWith('metals/')) documents.metals.push(document)
    else if (path.startsWith('calendars/')) documents.calendars.push(document)
    else documents[path.slice(0, -'.yaml'.length) as Single] = document
  }
  for (const [path, text] of Object.entries(shipped)) {
    // the folder may be the one that ships, and has been read then
    if (texts[path] === text) continue
    const document = readDocument(path, text, secret, findings)
    if (document) documents.shippedCalendars.push(document)
  }
  if (!Object.keys(texts).some((path) => path.startsWith('metals/'))) {
    findings.push({
      file: join(folder, 'metals'),
      line: 1,
      column: 1,
      message: 'no metal, expected at least one file metals/<metal>.yaml',
    })
  }
  return documents
}

function misplaced(path: string): string | null {
  if (path.endsWith('.yml')) return `found ${path}, expected the ending .yaml`
  const files = SINGLE.map((name) => `${name}.yaml`)
  if (path.includes('/') || files.includes(path)) return null
  return `found ${path}, expected one of ${files.join(', ')}${didYouMean(path, files)}`
}
