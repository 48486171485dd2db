import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configFrom } from '../config.ts'
import { mistakesIn, silverAnd } from './mistakes.ts'

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const withRisk = (secrets: string, url = 'https://hooks.example.com/metals') =>
  silverAnd({
    'channels.yaml': `channels:\n  terminal: { kind: console }\n  risk: { kind: webhook, url: ${url}, secrets: [${secrets}] }\n`,
  })
const PLACEHOLDER = ['$', '{RISK_SECRET}'].join('')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'metalgap-secrets-'))
  await writeFile(join(folder, 'risk'), `${SECRET}\n`)
})
afterAll(() => rm(folder, { recursive: true }))

describe('a secret', () => {
  it('comes from the environment, without quotes even inside a flow mapping', async () => {
    const config = await configFrom(withRisk(PLACEHOLDER), { env: { RISK_SECRET: SECRET } })
    expect(config.channels['risk']?.settings['secrets']).toEqual([SECRET])
  })

  it('or from the file that NAME_FILE names, without its last line end', async () => {
    const env = { RISK_SECRET_FILE: join(folder, 'risk') }
    const config = await configFrom(withRisk(PLACEHOLDER), { env })
    expect(config.channels['risk']?.settings['secrets']).toEqual([SECRET])
  })

  it('that is missing is named once, and nothing that follows from it', async () => {
    expect(await mistakesIn(withRisk(PLACEHOLDER))).toEqual([
      `config/channels.yaml:3:75  channels.risk.secrets.0: found ${PLACEHOLDER}, but neither RISK_SECRET nor RISK_SECRET_FILE is set in the environment`,
    ])
  })

  it('whose file cannot be read is told with the path', async () => {
    const env = { RISK_SECRET_FILE: join(folder, 'none') }
    const [told] = await mistakesIn(withRisk(PLACEHOLDER), { env })
    expect(told).toContain(
      `the file ${join(folder, 'none')} that RISK_SECRET_FILE names cannot be read (ENOENT)`,
    )
  })

  it('is never printed, from the environment or written into the file', async () => {
    const wrong = await mistakesIn(withRisk(PLACEHOLDER), { env: { RISK_SECRET: 'hunter2-hunter2!' } })
    const literal = await mistakesIn(withRisk('"hunter2-hunter2!"'))
    const address = await mistakesIn(withRisk(SECRET, 'http://10.0.0.1/hunter2'))
    const shape = await mistakesIn(
      silverAnd({ 'channels.yaml': 'channels: { terminal: https://chat.example.com/hunter2 }' }),
    )
    const key = await mistakesIn(silverAnd({ 'feeds.yaml': 'feeds: { sina: { key: [hunter2] } }' }))
    for (const told of [wrong, literal, address, shape, key]) {
      expect(told.length).toBeGreaterThan(0)
      expect(told.join()).not.toContain('hunter2')
    }
  })

  it('is never printed where it stands in place of something else', async () => {
    const env = { RISK_SECRET: 'https://hooks.example.com/hunter2' }
    const files: Record<string, string> = {
      'channels.yaml': `channels: { terminal: { kind: ${PLACEHOLDER} } }\noperators: [${PLACEHOLDER}]\n`,
      'feeds.yaml': `feeds: { sina: { base_url: ${PLACEHOLDER}, schedule: ${PLACEHOLDER}, series: { xag: { calendar: ${PLACEHOLDER} } } } }`,
    }
    for (const [name, text] of Object.entries(files)) {
      const told = await mistakesIn(silverAnd({ [name]: text }), { env })
      expect(told.join()).not.toContain('hunter2')
      expect(told.join()).toContain(`"${PLACEHOLDER}"`)
    }
  })

  it('that is no url is told as that', async () => {
    const [told] = await mistakesIn(withRisk(SECRET, 'hooks.example.com'))
    expect(told).toContain('found a value that is not shown, expected a url such as https://host/path')
  })

  it('does not change the version, and is not part of the content', async () => {
    const one = await configFrom(withRisk(PLACEHOLDER), { env: { RISK_SECRET: SECRET } })
    const other = await configFrom(withRisk(PLACEHOLDER), {
      env: { RISK_SECRET: `${SECRET.slice(0, -4)}aaaa` },
    })
    expect(one.version).toBe(other.version)
    expect(JSON.stringify(one.content)).not.toContain(SECRET)
  })
})
