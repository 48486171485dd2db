import { UserError } from '../errors.ts'
import { counted } from '../text.ts'

/** One mistake in one file; line and column count from 1. */
export interface Finding {
  file: string
  line: number
  column: number
  message: string
}

/** Everything that is wrong with a configuration, told at once; exit code 78. */
export class ConfigError extends UserError {
  override readonly name = 'ConfigError' as const
  readonly findings: readonly Finding[]
  constructor(findings: readonly Finding[]) {
    const sorted = findings.toSorted(byPlace)
    super(
      `${counted(findings.length, 'mistake')} in the configuration:\n${sorted.map(findingText).join('\n')}`,
      78,
    )
    this.findings = sorted
  }
}

/** 'config/metals/silver.yaml:12:7  ...', as editors and terminals turn into links. */
function findingText(finding: Finding): string {
  return `${finding.file}:${finding.line}:${finding.column}  ${finding.message}`
}

function byPlace(a: Finding, b: Finding): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column
}
