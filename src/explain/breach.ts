/** A breach: what was held against which bounds, each step with its prices, and what became of telling it. */
import type { Rule } from '../config.ts'
import { unitOf } from '../measure.ts'
import {
  type BreachStory,
  breachStory,
  deliveriesOfBreach,
  type HoldObservation,
  type StoryDelivery,
  type StoryTransition,
  transitionsOfBreach,
} from '../store/breach-story.ts'
import type { Database } from '../store/database.ts'
import { holdOf } from './hold.ts'
import { type ExplainedPremium, explainPremium } from './premium.ts'

export interface ExplainedBreach extends Omit<BreachStory, 'configuration'> {
  /** 'USD/oz', '%', 'percentile' or 'σ' */
  unit: string
  hold: {
    /** what the rule asked for */
    for_ms: number | null
    min_samples: number | null
    lasted_ms: number
    observations: HoldObservation[]
  }
  transitions: (StoryTransition & { deliveries: Omit<StoryDelivery, 'exposures'>[] })[]
  exposures: StoryDelivery['exposures']
  /** the calculation of the premium that raised it */
  raised_by: ExplainedPremium | null
}

/** `id` is the breach's or that of a delivery about it; null when it is neither. */
export async function explainBreach(database: Database, id: string): Promise<ExplainedBreach | null> {
  const story = await breachStory(database, id)
  if (story === null) return null
  const { configuration, ...breach } = story
  const [transitions, deliveries, observations] = await Promise.all([
    transitionsOfBreach(database, breach.breach_id),
    deliveriesOfBreach(database, breach.breach_id),
    holdOf(database, story),
  ])
  const premium_id = transitions[0]?.premium_id ?? null
  const told = Map.groupBy(deliveries, ({ sequence }) => sequence)
  return {
    ...breach,
    unit: unitOf(breach.measure, configuration.pairs[breach.pair]?.unit ?? '?'),
    hold: {
      ...asked(configuration.rules[breach.rule]),
      lasted_ms: breach.raised_at.getTime() - breach.began_at.getTime(),
      observations,
    },
    transitions: transitions.map((transition) => ({
      ...transition,
      deliveries: (told.get(transition.sequence) ?? []).map(({ exposures: _told, ...delivery }) => delivery),
    })),
    exposures: deliveries[0]?.exposures ?? [],
    raised_by: premium_id === null ? null : await explainPremium(database, premium_id),
  }
}

function asked(rule: Rule | undefined) {
  return { for_ms: rule?.for_ms ?? null, min_samples: rule?.min_samples ?? null }
}
