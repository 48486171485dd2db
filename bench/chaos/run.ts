/**
 * `npm run chaos`: the kill-loop. `--short` is one battle of about a minute, `--seed N` repeats a run. Prints JSON;
 * exit code 1 where a promise was broken.
 */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { openMachine } from '../lib/machine.ts'
import { fight, type Plan } from './battle.ts'
import { openChance } from './random.ts'
import { isSound } from './verdict.ts'

const { values } = parseArgs({ options: { short: { type: 'boolean' }, seed: { type: 'string' } } })
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32))
console.error(`seed ${seed}`)

const machine = openMachine()
const chance = openChance(seed)
const battles = []
for (const plan of plans()) {
  console.error(`${plan.replicas} replicas, queue on ${plan.queue}, ${plan.breaches} breaches`)
  battles.push(await fight(plan, chance))
}
const sound = battles.every(isSound)
console.log(JSON.stringify({ figure: 'chaos', seed, ...machine(), sound, battles }, undefined, 2))
process.exit(sound ? 0 : 1)

function plans(): Plan[] {
  const redis = spawnSync('redis-server', ['--version']).status === 0
  if (!redis) console.error('No redis-server on the PATH: fought on Postgres only.')
  const queues = redis ? (['postgres', 'redis'] as const) : (['postgres'] as const)
  if (values.short) return [{ replicas: 2, queue: queues.at(-1) ?? 'postgres', breaches: 260 }]
  const breaches = Math.ceil(2080 / (2 * queues.length))
  return queues.flatMap((queue) => [2, 4].map((replicas) => ({ replicas, queue, breaches })))
}
