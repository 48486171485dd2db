import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { PAIRS, writeDemoConfiguration } from '../../src/demo/configuration.ts'

test('the configuration that the demo writes is one that the product accepts without a warning', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'metalgap-demo-')), 'config')
  const addresses = {
    exchanges: 'http://127.0.0.1:9000',
    receiver: 'http://127.0.0.1:9001/webhook',
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  }
  await writeDemoConfiguration(folder, addresses)
  await writeDemoConfiguration(folder, addresses)
  const config = await readConfig(folder, {}, new Date('2026-06-01T00:00:00Z'))
  expect(config.warnings).toEqual([])
  expect(Object.keys(config.pairs)).toEqual(expect.arrayContaining([...PAIRS]))
  expect(config.rules['silver-gap']).toMatchObject({ raise: '5.50', clear: '5.00', for_ms: 3000 })
})
