/** Rows of numbers, one behind the other, in the order of their first number, then of their second, and so on. */

/** Of the row that begins at `i` in `a` and the one at `j` in `b`. */
export function compareRows(a: Float64Array, i: number, b: Float64Array, j: number, width: number): number {
  for (let k = 0; k < width; k++) {
    const difference = (a[i + k] as number) - (b[j + k] as number)
    if (difference !== 0) return difference
  }
  return 0
}

/** The same rows in order; the very same array where they are. */
export function inOrder(rows: Float64Array, width: number): Float64Array {
  if (areInOrder(rows, width)) return rows
  const places = Uint32Array.from({ length: rows.length / width }, (_, i) => i * width)
  places.sort((i, j) => compareRows(rows, i, rows, j, width))
  const ordered = new Float64Array(rows.length)
  places.forEach((place, i) => {
    ordered.set(rows.subarray(place, place + width), i * width)
  })
  return ordered
}

function areInOrder(rows: Float64Array, width: number): boolean {
  for (let i = width; i < rows.length; i += width)
    if (compareRows(rows, i - width, rows, i, width) > 0) return false
  return true
}
