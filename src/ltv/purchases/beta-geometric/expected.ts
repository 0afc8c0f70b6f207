import { exp } from '../../../kernel/elementary.js'
import { expectedByCycles, goesRound } from './cycles.js'
import { type Leaving, lnExpectedByTerms, phasesAtMost, type Stretch } from './series.js'
import type { PhaseStanding } from './standing.js'

/**
 * Purchases expected of somebody who is a customer at the start: by chances of each number of phases while these are few, and
 * of those that are not likely to go round a single time there are no more than some 100 k.
 */
export function expectedOfLiving(stretch: Stretch, leaving: Leaving): number {
  const { k, phases, rate, time } = stretch
  if (time.high === 0) return 0
  if (phasesAtMost(stretch) > FEW * k && goesRound(stretch)) return expectedByCycles(stretch, leaving)
  const likeliest = phases.reduce((most, phase) => (phase.weight > most.weight ? phase : most))
  const times = time.high / rate.high
  const of = (phase: PhaseStanding) =>
    phase.weight * exp(lnExpectedByTerms(k, phase, rate.high, time.high, leaving))
  let sum = of(likeliest)
  for (const phase of phases) {
    // No more than every k-th phase is a purchase, and one that is nearly due.
    if (phase === likeliest || phase.weight * (1 + phase.shape * times) < 1e-18 * sum) continue
    if (phase.weight > 0) sum += of(phase)
  }
  return sum
}

/** Phases that are added up for each in which purchases come, where there is another way. */
const FEW = 100
