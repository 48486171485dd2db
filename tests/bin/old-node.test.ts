import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

test('an old Node without one of the project says how to get it, also where npm may run no scripts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'metalgap-old-node-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await cp('bin', join(folder, 'bin'), { recursive: true })
  await writeFile(join(folder, 'bin/node-version.js'), 'export const runsTypeScript = () => false\n')
  await mkdir(join(folder, 'node_modules/commander'), { recursive: true })
  const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
    execFile(process.execPath, [join(folder, 'bin/metalgap.js')], (error, _, said) =>
      resolve({ code: error?.code, stderr: said }),
    )
  })
  expect(code).toBe(69)
  expect(stderr).toContain(`Run: npm rebuild node --ignore-scripts=false --prefix ${folder}`)
})
