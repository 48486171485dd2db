import type { MetalFile } from './metals.ts'
import type { Leg, Pair } from './types.ts'

type Written = MetalFile['pairs'][string]

export function resolvePair(file: MetalFile, name: string, pair: Written): Pair {
  return {
    pair: name,
    metal: file.metal,
    unit: file.unit,
    east: [pair.east].flat().map(resolveLeg),
    west: [pair.west].flat().map(resolveLeg),
    fx: pair.fx && resolveLeg(pair.fx),
    max_skew_ms: pair.max_skew,
    plausible_premium: pair.plausible_premium,
    align: pair.align,
    enabled: pair.enabled,
  }
}

function resolveLeg({ series, max_age }: NonNullable<Written['fx']>): Leg {
  return { series, max_age_ms: max_age }
}
