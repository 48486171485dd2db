import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'

/** Stands in for npm: writes down when it begins and ends, which it does when it may, and leaves what npm leaves. */
const NPM = `#!/bin/sh
echo begin >> npm.log
until [ -e may-end ]; do sleep 0.05; done
mkdir -p node_modules && touch node_modules/.package-lock.json
echo end >> npm.log
`
const LOCK = '.metalgap-install'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'metalgap-install-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await cp('bin', join(folder, 'bin'), { recursive: true })
  await writeFile(join(folder, 'package-lock.json'), '{}')
  await mkdir(join(folder, 'path'))
  await writeFile(join(folder, 'path', 'npm'), NPM, { mode: 0o755 })
})

async function install(): Promise<{ code: number; said: string }> {
  await letEnd()
  return begin().ended
}

const letEnd = () => writeFile(join(folder, 'may-end'), '')

function begin() {
  const env = { ...process.env, PATH: `${join(folder, 'path')}:${process.env['PATH']}` }
  const child = spawn(process.execPath, [join(folder, 'bin/install.js')], { env })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  return { said: () => said, ended: once(child, 'close').then(([code]) => ({ code: code as number, said })) }
}

const log = async () => (await readFile(join(folder, 'npm.log'), 'utf8')).trim().split('\n')

test('of two that start at once one installs, and the other says that it waits for it', async () => {
  const two = [begin(), begin()]
  await expect.poll(() => two.filter(({ said }) => said().includes('waiting')).length).toBe(1)
  await letEnd()
  expect((await Promise.all(two.map(({ ended }) => ended))).map(({ code }) => code)).toEqual([0, 0])
  expect(await log()).toEqual(['begin', 'end'])
  expect(two.filter(({ said }) => said().includes('waiting'))).toHaveLength(1)
})

test('what is installed is not installed again', async () => {
  await install()
  expect(await install()).toEqual({ code: 0, said: '' })
  expect(await log()).toEqual(['begin', 'end'])
})

test('the lock of a process that was killed holds nobody up', async () => {
  const gone = spawn('true')
  await once(gone, 'exit')
  await writeFile(join(folder, LOCK), `${hostname()} ${gone.pid}`)
  expect((await install()).code).toBe(0)
  expect(await log()).toEqual(['begin', 'end'])
})

test('nor one of another machine that nobody touches any more', async () => {
  const lock = join(folder, LOCK)
  await writeFile(lock, 'elsewhere 1')
  await utimes(lock, new Date(0), new Date(0))
  expect((await install()).code).toBe(0)
  expect(await log()).toEqual(['begin', 'end'])
})

test('npm that fails is told, with its exit code, and leaves no lock', async () => {
  await writeFile(join(folder, 'path', 'npm'), '#!/bin/sh\nexit 7\n', { mode: 0o755 })
  const { code, said } = await install()
  expect(code).toBe(7)
  expect(said).toContain(`npm ci failed in ${folder}`)
  await expect(readFile(join(folder, LOCK))).rejects.toThrow('ENOENT')
})
