/** Which addresses and urls may be reached at all: pure rules, applied when a url is configured and again when it is dialled. */
import { BlockList, isIP } from 'node:net'

/** `private-only`: plain http only towards addresses that `allow_private` opens; anything else wants https. */
export type PlainHttp = 'allowed' | 'private-only'

// The IANA special-purpose registries. 2001::/23 (Teredo) and 2002::/16 (6to4) can smuggle an IPv4 address.
const RESERVED = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24'],
  ...['203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  ...['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
]

// Of IPv6 nothing else was ever handed out to the world: the rest is local, or holds an IPv4 address for some translator.
// IPv4-mapped addresses are judged by BlockList as the IPv4 that they hold.
const HANDED_OUT = ['2000::/3', '::ffff:0:0/96']

// Names that always mean an address on this machine or its network, whatever a resolver says.
const LOCAL_NAMES: readonly { name: RegExp; means: readonly string[] }[] = [
  { name: /(^|\.)localhost$/, means: ['127.0.0.1', '::1'] },
  { name: /^metadata(\.google\.internal)?$/, means: ['169.254.169.254'] },
]

/** Making one takes longer than all other checks of a request. */
const lists = new WeakMap<readonly string[], BlockList>()

const reserved = listOf(RESERVED)
const handedOut = listOf(HANDED_OUT)

/** A list of networks; each entry an address or a CIDR. Throws on anything else. */
export function listOf(networks: readonly string[]): BlockList {
  const known = lists.get(networks)
  if (known !== undefined) return known
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const version = isIP(address)
    const width = version === 4 ? 32 : 128
    const prefix = bits === undefined ? width : /^\d+$/.test(bits) ? Number(bits) : Number.NaN
    if (version === 0 || !(prefix <= width)) {
      throw new Error(`"${network}" is not a network; expected an address or a CIDR such as 10.0.0.0/8`)
    }
    list.addSubnet(address, prefix, familyOf(version))
  }
  lists.set(networks, list)
  return list
}

/** Is this address (not a name) inside the list? */
export function holds(list: BlockList, address: string): boolean {
  const version = isIP(address)
  return version !== 0 && list.check(address, familyOf(version))
}

/** May a connection be made to this address? `opened` is the operator's allow_private. */
export function mayDial(address: string, opened: BlockList, privateOnly: boolean): boolean {
  if (holds(opened, address)) return true
  if (privateOnly || address.includes('%')) return false
  return (isIP(address) === 4 || holds(handedOut, address)) && !holds(reserved, address)
}

/**
 * What is wrong with a url that somebody configured, or null. A name that resolves to a refused address passes here and is
 * refused when it is dialled. The answer names the host, never the path, the query or credentials.
 */
export function addressProblem(
  url: string,
  allow_private: readonly string[],
  plain_http: PlainHttp = 'private-only',
): string | null {
  const parsed = URL.parse(url)
  if (!parsed) return 'not a url; expected https://host/path'
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') {
    return `"${parsed.protocol}" is not supported; expected https`
  }
  if (parsed.username || parsed.password)
    return `${parsed.host}: credentials in the url are refused; remove user:password@`
  const opened = listOf(allow_private)
  const host = bareHost(parsed)
  const addresses = isIP(host) ? [host] : LOCAL_NAMES.find((local) => local.name.test(host))?.means
  if (addresses && !addresses.some((address) => mayDial(address, opened, false))) {
    return `${parsed.host} is a private or reserved address; network.yaml allow_private can open it`
  }
  const plain = parsed.protocol === 'http:' && plain_http === 'private-only'
  // Which address a name has is known only when it is dialled; then plain http is held to allow_private once more.
  const possiblyPrivate = addresses
    ? addresses.some((address) => holds(opened, address))
    : allow_private.length > 0
  return plain && !possiblyPrivate
    ? `${parsed.host} must be https; plain http only towards allow_private`
    : null
}

/** The host as an address or a name: no brackets, no closing dot, lower case. */
export function bareHost(url: URL): string {
  return url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase()
}

function familyOf(version: number): 'ipv4' | 'ipv6' {
  return version === 4 ? 'ipv4' : 'ipv6'
}
