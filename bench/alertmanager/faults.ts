/** Eight faults, each done to both. A column says what its receiver heard. */
import { setTimeout as sleep } from 'node:timers/promises'
import { SECRET } from '../lib/configuration.ts'
import { GROUP_INTERVAL_MS, GROUP_WAIT_MS, type Peer } from './peer.ts'
import { type Product, until } from './product.ts'
import type { Receiver } from './receiver.ts'
import type { Us } from './us.ts'

export interface Fault {
  name: string
  kind: 'slack' | 'webhook'
  /** YAML beside the url of the receiver; `URL` stands for its address */
  theirs?: string
  label?: string
  /** settings of our channel beside its address */
  ours?: object
  peer(peer: Peer, receiver: Receiver): Promise<void>
  /** our side: a sender on a clock that the fault may move, or, where processes die, the product as a process */
  us?(us: Us, receiver: Receiver): Promise<void>
  product?(product: Product, receiver: Receiver): Promise<void>
  /** what the books say, in words */
  told(receiver: Receiver): string
}

export const settingsOf = ({ kind, ours }: Fault, url: string) =>
  kind === 'slack' ? { url: `${url}/hook`, ...ours } : { url: `${url}/hook`, secrets: [SECRET], ...ours }

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

/** A lease of 60 s is over for whoever comes after this. */
const AFTER_THE_LEASE_MS = 61_000
const CLEARED = ({ heard }: Receiver) => heard.some(({ body }) => isClear(body))

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
    // at the worst moment: the answer has come, and is not yet written down
    async product(product, receiver) {
      await product.startDoomed('after the 200', 1, 0)
      await product.cross()
      await product.gone()
      await product.startDoomed('-', 1, AFTER_THE_LEASE_MS)
      await until(() => receiver.heard.length > 1)
    },
    told(receiver) {
      const [first, ...others] = receiver.heard
      const known = others.every(({ id, repeated }) => repeated && id !== '' && id === first?.id)
      const same = known ? 'one id, marked as a repeat' : 'NOTHING to tell them apart'
      return receiver.heard.length > 1 ? `${count(receiver)}, ${same}` : count(receiver)
    },
  },
  {
    name: 'clear, then SIGKILL',
    kind: 'webhook',
    peer: (peer) => crash(peer, 'SIGKILL'),
    // at the worst moment: the clear is written and its attempt begun, and nothing is sent
    async product(product, receiver) {
      await product.startDoomed('attempt recorded', 2, 0)
      await product.cross()
      await until(() => receiver.heard.length > 0)
      await product.cross()
      await product.gone()
      await product.startDoomed('-', 1, AFTER_THE_LEASE_MS)
      await until(() => CLEARED(receiver))
    },
    told: clears,
  },
  {
    name: 'clear, then SIGTERM',
    kind: 'webhook',
    peer: (peer) => crash(peer, 'SIGTERM'),
    // with a receiver that refuses the clear until the process is gone
    async product(product, receiver) {
      await product.start()
      await product.cross()
      await until(() => receiver.heard.length > 0)
      receiver.answers.push({ status: 503 })
      await product.cross()
      await product.cleared()
      await until(() => receiver.heard.length > 1)
      await product.end('SIGTERM')
      const before = receiver.heard.length
      await product.start()
      await until(() => receiver.heard.slice(before).some(({ body }) => isClear(body)))
    },
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
    ours: { templates: { 'breach.raised': '{metal} at {legs.east.price}' } },
    // words that nothing can stand for are refused with the configuration; these lack a fact in this one message
    async us(us) {
      if (us.accepts({ templates: { 'breach.raised': '{no_such}' } })) throw new Error('it was not refused')
      await us.write('breach.raised', 1, { legs: null })
      await us.work()
    },
    told: ({ heard: [first] }) => {
      if (!first) return 'NOT delivered'
      return first.body.includes('not used: the template')
        ? 'delivered in built-in words, and says so'
        : 'delivered'
    },
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
