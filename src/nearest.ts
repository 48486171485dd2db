import { UserError } from './errors.ts'

/** The name that somebody probably meant: at most a third of it mistyped, or null. Letters swapped count once. */
export function nearest(wrong: string, names: Iterable<string>): string | null {
  let best: string | null = null
  let least = Number.POSITIVE_INFINITY
  for (const name of names) {
    const edits = editsBetween(wrong.toLowerCase(), name.toLowerCase())
    if (edits < least && edits <= Math.max(1, Math.floor(name.length / 3))) [best, least] = [name, edits]
  }
  return best
}

/** ' (did you mean "x"?)' or nothing, to end a message with. */
export function didYouMean(wrong: string, names: Iterable<string>): string {
  const name = nearest(wrong, names)
  return name === null ? '' : ` (did you mean "${name}"?)`
}

/** 'There is no rule "silver-gab" (did you mean "silver-gap"?). Rules: silver-gap, gold-gap' */
export function noSuch(what: string, name: string, known: readonly string[]): UserError {
  const all = `${what.charAt(0).toUpperCase()}${what.slice(1)}${what.endsWith('s') ? '' : 's'}`
  return new UserError(
    `There is no ${what} "${name}"${didYouMean(name, known)}. ${all}: ${known.join(', ') || 'none'}`,
  )
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
function editsBetween(a: string, b: string): number {
  let earlier: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let edits = Math.min(cell(above, j) + 1, cell(row, j - 1) + 1, cell(above, j - 1) + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) edits = Math.min(edits, cell(earlier, j - 2) + 1)
      row.push(edits)
    }
    earlier = above
    above = row
  }
  return cell(above, b.length)
}

function cell(row: number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
