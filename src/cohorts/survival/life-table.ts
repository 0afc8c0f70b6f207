import type {
  defineSurvival,
  SurvivalCurve,
  SurvivalPartial,
  SurvivalTransform,
} from '../../measures/index.js'
import type { Found } from './lives.js'

/** How long some people stayed. */
export interface LifeTable {
  /** How many entered; `curve.n` of them have a record. */
  readonly entered: number
  /** Entered, or watched, only after the last decidable period: nobody can say yet, so they are in no curve. */
  readonly undecided: number
  /** Entered before `watchedSince` and not seen after it: nobody knows when they left, so they are in no curve. */
  readonly unseen: number
  /** Were silent for a whole gap and came back: gone by `first-lapse`, still there by `last-activity`. */
  readonly returned: number
  /** The records, counted by time: what `logRank` and `compareSurvival` take. */
  readonly counted: SurvivalPartial
  /**
   * The share that is active beyond each time. `survival` after t whole periods is the share active at offset t + 1 or later: within
   * one cohort, with `last-activity` and everything over, unbounded retention at t + 1.
   */
  readonly curve: SurvivalCurve
}

type Survival = ReturnType<typeof defineSurvival>

/** Counts lives. */
export class Tally {
  entered = 0
  undecided = 0
  unseen = 0
  returned = 0
  firstUndecided = Infinity
  private counted: SurvivalPartial

  constructor(private readonly survival: Survival) {
    this.counted = survival.empty()
  }

  note({ cohort, returned, record }: Found): void {
    this.entered += 1
    if (returned) this.returned += 1
    if (record === 'unseen') this.unseen += 1
    else if (record === 'undecided') {
      this.undecided += 1
      this.firstUndecided = Math.min(this.firstUndecided, cohort)
    } else this.counted = this.survival.add(this.counted, record)
  }

  drawn(options: { readonly transform: SurvivalTransform; readonly level: number }): LifeTable {
    const { entered, undecided, unseen, returned } = this
    // In order of time, so that the table has the same bits however people arrived.
    const counted = this.survival.merge(this.survival.empty(), this.counted)
    return { entered, undecided, unseen, returned, counted, curve: this.survival.result(counted, options) }
  }
}

/** The tally of a cohort or a value, begun where there is none. */
export function tallyOf<K>(tallies: Map<K, Tally>, key: K, survival: Survival): Tally {
  const known = tallies.get(key) ?? new Tally(survival)
  tallies.set(key, known)
  return known
}
