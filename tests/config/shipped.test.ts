import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { readTexts } from '../../src/config/files.ts'
import { schemaTexts } from '../../src/config/schemas.ts'
import { type Config, readConfig, usedSeries } from '../../src/config.ts'

const SHIPPED = fileURLToPath(new URL('../../config', import.meta.url))
const NOW = new Date('2026-11-22T00:00:00Z')

describe('the configuration that ships', () => {
  let config: Config
  beforeAll(async () => {
    config = await readConfig(SHIPPED, {}, NOW)
  })

  it('needs no environment and warns of nothing in its years', () => {
    expect(config.warnings).toEqual([])
    expect(config.operators).toEqual(['terminal'])
  })

  it('watches silver live and daily, and gold as a control', () => {
    expect(Object.keys(config.pairs).sort()).toEqual([
      'gold-daily',
      'gold-live',
      'silver-daily',
      'silver-live',
    ])
    expect(config.rules['silver-gap']).toMatchObject({
      raise: '5.50',
      clear: '5.00',
      for_ms: 300_000,
      clear_for_ms: 600_000,
    })
  })

  it('knows the tax on silver through all of its changes, and none on gold', () => {
    expect(config.metals['silver']?.china_vat).toMatchObject([
      { from: '2000-01-01', rate: 0.17 },
      { from: '2018-05-01', rate: 0.16 },
      { from: '2019-04-01', rate: 0.13 },
    ])
    expect(config.metals['gold']?.china_vat).toEqual([])
  })

  it('has a calendar for every series of every feed', () => {
    const names = Object.values(config.series).map((facts) => facts.calendar)
    expect(names.filter((name) => !config.calendars[name])).toEqual([])
    expect(usedSeries(config).map((facts) => facts.series)).toContain('sge-delayed/ag-td')
  })

  test.for([
    ['sge', '2026-01-29T07:00:00Z', true, 'in the afternoon'],
    ['sge', '2025-12-31T13:00:00Z', false, 'on the night before New Year'],
    ['sge', '2026-02-18T03:00:00Z', false, 'at the Spring Festival'],
    ['shfe', '2026-01-29T02:20:00Z', false, 'in the morning break'],
    ['lbma', '2026-08-31T11:00:00Z', false, 'on the summer bank holiday'],
    ['london-spot', '2026-08-31T11:00:00Z', true, 'on a bank holiday too'],
    ['london-spot', '2026-01-31T12:00:00Z', false, 'on a Saturday'],
    ['ecb', '2026-05-01T14:00:00Z', false, 'on Labour Day'],
    ['cfets', '2026-01-29T17:00:00Z', true, 'past midnight in Shanghai'],
  ] as const)('%s at %s is open: %s, %s', ([calendar, instant, open]) => {
    expect(config.calendars[calendar]?.sessionAt(Date.parse(instant)).open).toBe(open)
  })

  it('warns from thirty days before a calendar runs out, and after it', async () => {
    const soon = await readConfig(SHIPPED, {}, new Date('2026-12-03T00:00:00Z'))
    const late = await readConfig(SHIPPED, {}, new Date('2027-02-01T00:00:00Z'))
    expect(soon.warnings[0]).toMatch(/^calendar \S+ runs out at 2026-12-31T/)
    expect(late.warnings[0]).toMatch(/ran out at .*: its venue counts as closed; add the holidays/)
    expect(late.version).toBe(config.version)
  })

  it('tells editors of its schema in the first line of each file', async () => {
    const texts = await readTexts(SHIPPED)
    for (const text of Object.values(texts))
      expect(text).toMatch(/^# yaml-language-server: \$schema=(\.\.\/)?schemas\/\w+\.json\n/)
  })

  it('has the schemas that the program uses; `node src/config/schemas.ts` writes them', async () => {
    for (const [file, text] of schemaTexts())
      expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(JSON.parse(text))
  })
})

describe("a folder of one's own", () => {
  it('that does not exist is told in one line', async () => {
    await expect(readConfig('/nonexistent/metalgap', {}, NOW)).rejects.toThrow(
      'cannot read /nonexistent/metalgap: there is none; METALGAP_CONFIG names the folder with the configuration',
    )
  })

  it('may lack calendars: those that ship serve', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'metalgap-config-'))
    await writeFile(join(folder, 'network.yaml'), '')
    await mkdir(join(folder, 'metals'))
    await writeFile(join(folder, 'metals', 'tin.yaml'), 'metal: tin\ntitle: Tin\nunit: t\n')
    const config = await readConfig(folder, {}, NOW)
    await rm(folder, { recursive: true })
    expect(Object.keys(config.calendars)).toContain('sge')
  })
})
