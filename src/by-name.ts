/**
 * A copy of a record that finds only what it itself holds. A plain object also answers to `constructor` and `toString`,
 * and the names asked for come from people: arguments, cells of files, addresses.
 */
export function byName<T>(record: Record<string, T>): Record<string, T> {
  return Object.assign(Object.create(null), record)
}
