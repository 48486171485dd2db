/**
 * Runs before `npm start`, `npm run demo` and `npm test`: installs what is missing, so that each of them is the only
 * command that a fresh machine needs. Plain JavaScript for any Node from 20.
 */
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runsTypeScript } from './node-version.js'

const folder = fileURLToPath(new URL('..', import.meta.url))

/** Milliseconds of the last change, 0 when there is no such file (or a link that leads nowhere). */
function changed(path) {
  return statSync(new URL(`../${path}`, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function installed() {
  const node = process.platform === 'win32' ? 'node_modules/.bin/node.cmd' : 'node_modules/.bin/node'
  const complete = changed('node_modules/.package-lock.json') >= changed('package-lock.json')
  return complete && (runsTypeScript() || changed(node) > 0)
}

if (!installed()) {
  console.error('Installing what is missing (npm ci); this happens once.')
  // a shell, because on Windows npm is a script; the words are fixed, so there is nothing to quote
  const npm = spawnSync('npm ci --no-audit --no-fund --loglevel=error', {
    cwd: folder,
    shell: true,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (npm.status !== 0) {
    console.error(`npm ci failed in ${folder}. What it said stands above; mend that and try again.`)
    process.exit(npm.status ?? 1)
  }
}
