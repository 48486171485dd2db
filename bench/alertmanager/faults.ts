/** Eight faults, each done to both. A column says what its receiver heard. */
import { setTimeout as sleep } from 'node:timers/promises'
import { SECRET } from '../lib/configuration.ts'
import { GROUP_INTERVAL_MS, GROUP_WAIT_MS, type Peer } from './peer.ts'
import type { Receiver } from './receiver.ts'
import type { Us } from './us.ts'

export interface Fault {
  name: string
  kind: 'slack' | 'webhook'
  /** YAML beside the url of the receiver; `URL` stands for its address */
  theirs?: string
  label?: string
  peer(peer: Peer, receiver: Receiver): Promise<void>
  us(us: Us, receiver: Receiver): Promise<void>
  /** what the books say, in words */
  told(receiver: Receiver): string
}

export const settingsOf = (kind: Fault['kind'], url: string) =>
  kind === 'slack' ? { url: `${url}/hook` } : { url: `${url}/hook`, secrets: [SECRET] }

const TOO_MANY = { status: 429, headers: { 'retry-after': '1' } }
const FLUSHED_MS = GROUP_WAIT_MS + 1_500
const NEXT_FLUSH_MS = GROUP_INTERVAL_MS + 2_000
const HOSTILE = '<!channel> & <b>'

const isClear = (body: string) => /"status":"resolved"|RESOLVED|CLEARED|breach\.cleared/.test(body)
const count = (receiver: Receiver) => `${receiver.heard.length} requests`
const clears = ({ heard }: Receiver) =>
  heard.some(({ body }) => isClear(body)) ? 'the clear arrives' : 'the clear is LOST'

async function crash(peer: Peer, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  await peer.alert(true)
  await sleep(FLUSHED_MS)
  await peer.alert(false)
  await peer.end(signal)
  await peer.start()
  await sleep(NEXT_FLUSH_MS + 1_000)
}

/** The process is gone between the transaction and the send; another one looks into Postgres. */
async function crashOfOurs(us: Us): Promise<void> {
  await us.write('breach.raised', 1)
  await us.work()
  await us.write('breach.cleared', 2)
  await us.work()
}

export const FAULTS: readonly Fault[] = [
  {
    name: '429 with Retry-After: 1',
    kind: 'slack',
    async peer(peer, receiver) {
      receiver.answers.push(TOO_MANY)
      await peer.alert(true)
      await sleep(FLUSHED_MS + NEXT_FLUSH_MS)
    },
    async us(us, receiver) {
      receiver.answers.push(TOO_MANY)
      await us.write('breach.raised', 1)
      for (
        const began = Date.now();
        receiver.heard.length < 2 && Date.now() - began < 15_000;
        await sleep(100)
      )
        await us.work()
    },
    told: ({ heard: [first, second] }) =>
      first && second ? `again after ${((second.at - first.at) / 1000).toFixed(1)} s` : 'NOT again',
  },
  {
    name: '429, then it clears',
    kind: 'slack',
    async peer(peer, receiver) {
      receiver.answers.push(TOO_MANY)
      await peer.alert(true)
      await sleep(FLUSHED_MS)
      await peer.alert(false)
      await sleep(2 * NEXT_FLUSH_MS)
    },
    async us(us, receiver) {
      receiver.answers.push(TOO_MANY)
      await us.write('breach.raised', 1)
      await us.work()
      await us.write('breach.cleared', 2)
      us.wait(6_000)
      await us.work()
    },
    told: ({ heard }) => {
      const [, ...accepted] = heard
      if (accepted.length === 0) return 'NOTHING arrives'
      return /raised 1: [\s\S]*cleared 2: /.test(accepted[0]?.body ?? '')
        ? 'one message tells both'
        : 'the clear arrives'
    },
  },
  {
    name: 'SIGKILL after a success',
    kind: 'webhook',
    async peer(peer) {
      await peer.alert(true)
      await sleep(FLUSHED_MS)
      await peer.end('SIGKILL')
      await peer.start()
      await peer.alert(true)
      await sleep(FLUSHED_MS)
    },
    async us(us) {
      await us.write('breach.raised', 1)
      await us.dieAfterSending()
      us.wait(61_000)
      await us.work()
    },
    told(receiver) {
      const ids = new Set(receiver.heard.map(({ id }) => id))
      const same =
        ids.size === 1 && !ids.has('') ? 'one id, marked as a repeat' : 'NOTHING to tell them apart'
      return receiver.heard.length > 1 ? `${count(receiver)}, ${same}` : count(receiver)
    },
  },
  {
    name: 'clear, then SIGKILL',
    kind: 'webhook',
    peer: (peer) => crash(peer, 'SIGKILL'),
    us: crashOfOurs,
    told: clears,
  },
  {
    name: 'clear, then SIGTERM',
    kind: 'webhook',
    peer: (peer) => crash(peer, 'SIGTERM'),
    us: crashOfOurs,
    told: clears,
  },
  {
    name: 'a broken template',
    kind: 'slack',
    theirs: `text: '{{ template "no.such" . }}'`,
    async peer(peer) {
      await peer.alert(true)
      await sleep(FLUSHED_MS + 1_000)
    },
    async us(us) {
      await us.write('breach.raised', 1)
      await us.work()
    },
    told: ({ heard }) => (heard.length > 0 ? 'delivered' : 'NOT delivered'),
  },
  {
    name: 'hostile text',
    kind: 'slack',
    theirs: `text: '{{ .CommonLabels.metal }}'`,
    label: HOSTILE,
    async peer(peer) {
      await peer.alert(true)
      await sleep(FLUSHED_MS)
    },
    async us(us) {
      await us.write('breach.raised', 1, { metal: HOSTILE })
      await us.work()
    },
    told: ({ heard }) => {
      if (heard.length === 0) return 'NOT delivered'
      const { text = '', attachments = [] } = JSON.parse(heard[0]?.body ?? '{}')
      const markup = [text, ...attachments.map((one: { text?: string }) => one.text ?? '')].join(' ')
      return markup.includes('<!channel>') ? 'markup PASSES (everybody is called)' : 'shown as text'
    },
  },
  {
    name: 'a redirect to loopback',
    kind: 'webhook',
    async peer(peer, receiver) {
      receiver.answers.push({ status: 302, headers: { location: `${receiver.url}/inside` } })
      await peer.alert(true)
      await sleep(FLUSHED_MS)
    },
    async us(us, receiver) {
      receiver.answers.push({ status: 302, headers: { location: `${receiver.url}/inside` } })
      await us.write('breach.raised', 1)
      await us.work()
    },
    told: ({ heard }) => {
      const followed = heard.find(({ path }) => path === '/inside')
      return followed ? `FOLLOWED with ${followed.method}` : 'not followed'
    },
  },
]
