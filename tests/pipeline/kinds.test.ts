/** Every kind that is reached by a POST, sent through the real way out to a server on loopback. */
import { describe, expect, test } from 'vitest'
import type { RemoteChannel } from '../../src/channels/channel.ts'
import { addressed } from '../../src/delivery/addressed.ts'
import { loadChannels } from '../../src/shelf.ts'
import { saveChannels } from '../../src/store/channels.ts'
import { type Due, insertDeliveries } from '../../src/store/deliveries.ts'
import { breach } from '../channels/samples.ts'
import { openDesk } from './desk.ts'
import { type Destination, startDestination } from './destination.ts'

const remote = Object.entries(await loadChannels()).filter(
  (entry): entry is [string, RemoteChannel] => entry[1].regime !== 'local',
)

async function openKind([kind, channel]: [string, RemoteChannel], destination: Destination) {
  const desk = await openDesk({})
  const { config, database } = desk.context
  // a picture comes behind the message: tests of its own
  const settings = { ...channel.example, chart: false, url: `${destination.url}/T000/invented` }
  config.channels['tried'] = { channel: 'tried', kind, settings }
  await saveChannels(database, Object.values(config.channels))
  const address = { to: ['tried'], subject: 'a', sequence: 1, breach_id: null, severity: 'warning' }
  const [due] = await insertDeliveries(database, addressed(config, breach(), address, desk.context.now()))
  return {
    ...desk,
    due: due as Due,
    secrets: secretsOf(settings),
    [Symbol.asyncDispose]: desk[Symbol.asyncDispose],
  }
}

describe.for(remote)('%s', (kind) => {
  test('is delivered by one POST that its destination takes', async () => {
    await using destination = await startDestination()
    await using desk = await openKind(kind, destination)
    const { status, body } = kind[1].accepted
    destination.react({ status, body })
    expect((await desk.send(desk.due)).is).toBe('delivered')
    expect(destination.received.length).toBe(1)
    expect(() => JSON.parse(destination.received[0]?.body ?? '')).not.toThrow()
  })

  test('keeps its secrets out of the database and the log, also when a destination repeats them', async () => {
    await using destination = await startDestination()
    await using desk = await openKind(kind, destination)
    destination.react({ status: 503, body: `sorry, ${desk.secrets.join(' ')} cannot come` })
    expect((await desk.send(desk.due)).is).toBe('retry')
    const { message: _, ...row } = await desk.row(desk.due)
    expect(desk.secrets.length).toBeGreaterThan(0)
    for (const secret of desk.secrets) {
      expect(JSON.stringify(row)).not.toContain(secret)
      expect(JSON.stringify(desk.log)).not.toContain(secret)
    }
  })
})

/** What only the two of them know; the kinds whose url is the secret have that. */
function secretsOf(settings: Record<string, unknown>): string[] {
  const { url, token, routing_key, secrets } = settings as Record<string, string | string[] | undefined>
  const own = [token, routing_key, secrets].flat().filter((text) => text !== undefined)
  return own.length > 0 ? own : [new URL(String(url)).pathname]
}
