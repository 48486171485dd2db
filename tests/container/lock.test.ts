/** What `npm ci` takes is what was looked at. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Package {
  version: string
  resolved?: string
  integrity?: string
  optional?: boolean
  os?: string[]
  cpu?: string[]
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, Package>
}
const installed = Object.entries(packages).filter(([path]) => path !== '')

test('the lock names no registry: everybody installs from their own', () => {
  expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
})

test('every package has the hash of its content, but optional ones of other systems that may lack it', () => {
  const without = installed.filter(([, { integrity }]) => integrity === undefined)
  const needed = without.filter(([, { optional, os, cpu }]) => !optional || (!os && !cpu))
  expect(needed.map(([path]) => path)).toEqual([])
})
