/** What doctor finds: fail is what keeps the product from working, warn what may bite later. */

export interface Finding {
  check: string
  is: 'ok' | 'warn' | 'fail'
  found: string
  /** what to do; empty where nothing is to be done */
  advice: string
}

export function ok(check: string, found: string): Finding {
  return { check, is: 'ok', found, advice: '' }
}

export function warn(check: string, found: string, advice: string): Finding {
  return { check, is: 'warn', found, advice }
}

export function fail(check: string, found: string, advice: string): Finding {
  return { check, is: 'fail', found, advice }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
