#!/usr/bin/env node
/**
 * The one executable. TypeScript runs as it is on Node 24.12 or newer; an older Node (20 and up) hands over to the one
 * that is installed with the project. Plain JavaScript, so that an old Node can read it.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { runsTypeScript } from './node-version.js'
import { followParent } from './parent.js'

const UNAVAILABLE = 69
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']
const project = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

function fail(message) {
  console.error(`metalgap: ${message}`)
  process.exit(UNAVAILABLE)
}

/** The `node` package keeps its binary in its own folder; .bin holds only a link to it. */
function installedNode() {
  return project(
    process.platform === 'win32' ? 'node_modules/node/bin/node.exe' : 'node_modules/node/bin/node',
  )
}

function handOver(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' })
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(`${node} does not start: ${error.message}`))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}

followParent()
if (!existsSync(project('node_modules/commander'))) {
  fail(`its dependencies are not installed. Run: npm ci --prefix ${project('.')}`)
} else if (runsTypeScript()) {
  // compiled code is kept between runs; a folder of our own, because everybody may write to the default one
  module.enableCompileCache(project('node_modules/.cache/metalgap'))
  const { main } = await import('../src/cli.ts')
  await main(process.argv.slice(2))
} else if (existsSync(installedNode())) {
  handOver(installedNode())
} else {
  fail(
    `Node ${process.versions.node} is too old (24.12 or newer is needed) and none was installed with the project. ` +
      `Run: npm rebuild node --ignore-scripts=false --prefix ${project('.')}`,
  )
}
