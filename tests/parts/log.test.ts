/** What errors of libraries carry beside their message: the url that could not be read, the command with its password. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const module = (path: string) => fileURLToPath(new URL(`../../src/${path}`, import.meta.url))

test('the log shows of an error what happened, and not what it was about', async () => {
  const script = `
    const { openLog } = await import(${JSON.stringify(module('log.ts'))})
    const log = openLog('info', false)
    const command = Object.assign(new Error('WRONGPASS'), { command: { name: 'auth', args: ['hunter2'] } })
    try { new URL('no url hunter2') } catch (error) { log.error(error); log.error({ err: error }, 'again') }
    log.error({ err: command }, 'redis')
    log.info({ url: 'hunter2', channel: { token: 'hunter2', password: 'hunter2' } }, 'settings')`
  const { stderr } = await run(process.execPath, ['--input-type=module', '--eval', script])
  expect(stderr.trim().split('\n')).toHaveLength(4)
  expect(stderr).toContain('Invalid URL')
  expect(stderr).toContain('WRONGPASS')
  expect(stderr).not.toContain('hunter2')
})
