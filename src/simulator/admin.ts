/** `/simulator`: an outside driver sets the clock and the faults while the exchanges run. */
import { UserError } from '../errors.ts'
import type { Clock, SimulatedClock } from './clock.ts'
import { json, type Reply } from './exchange.ts'
import { FAULTS, type Faults, isFault } from './faults.ts'

export interface Admin {
  clock: Clock
  faults: Faults
  feeds: readonly string[]
  asked(feed: string): number
}

/**
 * GET /simulator: state. POST /simulator/clock {at?, step_ms?, speed?}. POST /simulator/faults {sina: "hang"} or
 * {sina: {fault: "503", times: 3}} or {sina: null}. Always answers with the state that results; 400 says what was wrong.
 */
export function administer(path: string, method: string, body: string, admin: Admin): Reply {
  try {
    if (method === 'POST' && path === '/simulator/clock') setClock(admin.clock, read(body))
    else if (method === 'POST' && path === '/simulator/faults') setFaults(admin, read(body))
    else if (method !== 'GET' || path !== '/simulator')
      return { ...json('{"error":"not found"}'), status: 404 }
    return json(JSON.stringify(state(admin)))
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { ...json(JSON.stringify({ error: error.message })), status: 400 }
  }
}

function state({ clock, faults, feeds, asked }: Admin) {
  return {
    now: clock.now().toISOString(),
    speed: isSimulated(clock) ? clock.speed : 1,
    faults: faults.active(),
    asked: Object.fromEntries(feeds.map((feed) => [feed, asked(feed)])),
  }
}

function setClock(clock: Clock, wish: Record<string, unknown>): void {
  if (!isSimulated(clock)) throw new UserError('this clock is the real one and cannot be set')
  const { at, step_ms, speed } = wish
  if (at !== undefined) {
    const instant = new Date(String(at))
    if (Number.isNaN(instant.getTime()))
      throw new UserError(`at: found ${JSON.stringify(at)}, expected an ISO time`)
    clock.set(instant)
  }
  if (step_ms !== undefined) clock.step(numberOf('step_ms', step_ms))
  if (speed !== undefined) clock.run(numberOf('speed', speed))
}

function setFaults({ faults, feeds }: Admin, wish: Record<string, unknown>): void {
  for (const [feed, wanted] of Object.entries(wish)) {
    if (!feeds.includes(feed))
      throw new UserError(`found feed "${feed}", expected one of ${feeds.join(', ')}`)
    const { fault, times } =
      Object(wanted) === wanted ? (wanted as Record<string, unknown>) : { fault: wanted, times: undefined }
    if (fault !== null && !isFault(String(fault)))
      throw new UserError(
        `${feed}: found ${JSON.stringify(fault)}, expected null or one of ${Object.keys(FAULTS).join(', ')}`,
      )
    const name = String(fault)
    faults.set(feed, isFault(name) ? name : null, times === undefined ? undefined : numberOf('times', times))
  }
}

function isSimulated(clock: Clock): clock is SimulatedClock {
  return 'step' in clock
}

function numberOf(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new UserError(`${name}: found ${JSON.stringify(value)}, expected a number`)
}

function read(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // told below, like any other body that is no object
  }
  throw new UserError('expected a JSON object')
}
