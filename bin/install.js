/**
 * Runs before `npm start`, `npm run demo` and `npm test`: installs what is missing, so that each of them is the only
 * command that a fresh machine needs, also when several of them start at once. Plain JavaScript for any Node from 20.
 */
import { spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { withLock } from './lock.js'
import { runsTypeScript } from './node-version.js'

const project = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const folder = project('.').replace(/[/\\]$/, '')

/** Milliseconds of the last change, 0 when there is no such file (or a link that leads nowhere). */
function changed(path) {
  return statSync(project(path), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function installed() {
  const node = process.platform === 'win32' ? 'node_modules/.bin/node.cmd' : 'node_modules/.bin/node'
  const complete = changed('node_modules/.package-lock.json') >= changed('package-lock.json')
  return complete && (runsTypeScript() || changed(node) > 0)
}

/** The exit code of npm; 0 where another process has installed everything meanwhile. */
function install() {
  if (installed()) return 0
  console.error('Installing what is missing (npm ci); this happens once.')
  // a shell, because on Windows npm is a script; the words are fixed, so there is nothing to quote
  const npm = spawn('npm ci --no-audit --no-fund --loglevel=error', {
    cwd: folder,
    shell: true,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    npm.once('error', reject)
    npm.once('exit', (code) => resolve(code ?? 1))
  })
}

function wait() {
  console.error('Another process installs what is missing in this folder: waiting for it.')
}

if (!installed()) {
  process.exitCode = await withLock(project('.metalgap-install'), wait, install).catch(({ message }) => {
    console.error(message)
    return 1
  })
  if (process.exitCode !== 0)
    console.error(`npm ci failed in ${folder}. What it said stands above; mend that and try again.`)
}
