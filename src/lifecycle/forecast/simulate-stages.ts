import { checkKeys, checkRecord } from '../../kernel/errors.js'
import type { Matrix } from '../../measures/index.js'
import type { ForecastCaution, ForecastUndefined } from './cautions.js'
import { type ContactsLeftOut, contactsWithin } from './contacts.js'
import {
  type CheckedPlan,
  placedInterventions,
  placedLimits,
  type StageIntervention,
  type StageSharedLimits,
} from './interventions.js'
import { periodAfter } from './period-names.js'
import { pickedBy } from './setting.js'
import {
  type CheckedSimulation,
  checkedSimulation,
  type StageSimulationSetting,
  simulated,
} from './simulation-setting.js'
import { drawnEstimate } from './spread.js'
import { cautionsOf, ratesOf, type StageEstimate, type TransitionModel } from './transition-model.js'

/** What is done, and within which limits. */
export interface StageSimulationPlan {
  readonly interventions?: readonly StageIntervention[]
  readonly limits?: StageSharedLimits
}

/** Contacts of one intervention over all periods; values are means over runs. */
export interface SimulatedIntervention {
  readonly id: string
  readonly contacts: StageEstimate
  readonly spent: StageEstimate
  /** Subjects in its stages that were not contacted, once for every period: by what stood in the way first. */
  readonly leftOut: Readonly<ContactsLeftOut>
}

/** How stages went in many runs; values are means over runs. */
export type StagesSimulation =
  | {
      readonly kind: 'simulation'
      readonly runs: number
      readonly level: number
      readonly periods: readonly {
        readonly step: number
        readonly period: string
        readonly stages: readonly (StageEstimate & { readonly stage: string })[]
      }[]
      readonly interventions: readonly SimulatedIntervention[]
      readonly value?: StageEstimate
      readonly cautions: readonly ForecastCaution[]
    }
  | ForecastUndefined

/**
 * Follows every subject through the chain, period by period, with interventions that have limits: contacts a period, agents, a budget, a
 * cap on contacts of one subject. For what algebra cannot do, because who is contacted depends on who was.
 *
 * In each period subjects draw lots for contacts, then interventions take their turn in the order given; a subject is contacted
 * once at the most.
 *
 * The chance of a subject in a period depends on its number and on nothing that is done: two plans under one generator meet the same
 * people with the same luck (common random numbers), so that the difference of two runs is the plan's doing. `whatIf` does that.
 *
 * @throws DefinitionError as `forecastStages` and `changeRates`; `too-large` where subjects times periods times runs are above
 * 200,000,000.
 * @see Law & Kelton, "Simulation Modeling and Analysis", on common random numbers.
 * @example
 * const run = simulateStages(model, { interventions: [{ id: 'call', stages: ['lapsed'], changes: [{ from: 'lapsed', to: 'active', plus: 0.05 }],
 *   costPerContact: 3, limits: { contactsPerPeriod: 40, budget: 900 } }] }, { periods: 12, random: random('plan') })
 * if (run.kind === 'simulation') run.interventions[0].contacts.value // => 300
 */
export function simulateStages(
  model: TransitionModel,
  plan: StageSimulationPlan,
  setting: StageSimulationSetting,
): StagesSimulation {
  const checked = checkedSimulation(model, setting, simulated)
  if (checked.kind === 'undefined') return checked
  const placed = checkedPlan(model, plan, checked.periods, '$.plan')
  const { stages, periods, runs, level, value } = checked
  const collected = emptyRuns(checked, placed)
  for (let run = 0; run < runs; run += 1) runInto(collected, run, checked, placed)
  const mean = (drawn: Float64Array) => drawnEstimate(meanOf(drawn), drawn, level)
  return {
    kind: 'simulation',
    runs,
    level,
    periods: Array.from({ length: periods }, (_, t) => ({
      step: t + 1,
      period: periodAfter(model.to, model.unit, t + 1),
      stages: stages.map((stage, k) => ({ stage, ...mean(collected.counts[t * stages.length + k]!) })),
    })),
    interventions: interventionsOf(collected, placed, level),
    ...(value !== undefined && { value: mean(collected.value) }),
    cautions: cautionsOf(model),
  }
}

/** Refuses what is no plan. */
export function checkedPlan(
  model: TransitionModel,
  plan: StageSimulationPlan,
  periods: number,
  path: string,
): CheckedPlan {
  checkRecord(plan, path)
  checkKeys(plan, ['interventions', 'limits'], path)
  const { interventions = [], limits } = plan
  const placed = placedInterventions(model, interventions, `${path}.interventions`)
  // A change that the mean rates cannot bear is refused before anything is simulated.
  const { mean } = ratesOf(model)
  for (const one of placed) one.changed(mean, false)
  return { interventions: placed, limits: placedLimits(limits, periods, `${path}.limits`) }
}

/** What runs add to, one place for each run. */
export interface Runs {
  /** By period and stage. */
  readonly counts: readonly Float64Array[]
  readonly value: Float64Array
  /** By intervention. */
  readonly contacts: readonly Float64Array[]
  readonly spent: readonly Float64Array[]
  /** Of all runs together. */
  readonly leftOut: readonly ContactsLeftOut[]
}

export function emptyRuns({ periods, stages, runs }: CheckedSimulation, plan: CheckedPlan): Runs {
  const { interventions } = plan
  return {
    counts: Array.from({ length: periods * stages.length }, () => new Float64Array(runs)),
    value: new Float64Array(runs),
    contacts: interventions.map(() => new Float64Array(runs)),
    spent: interventions.map(() => new Float64Array(runs)),
    leftOut: contactsWithin(plan).leftOut,
  }
}

/** What interventions did, over runs. */
export function interventionsOf(
  { contacts, spent, leftOut }: Runs,
  { interventions }: CheckedPlan,
  level: number,
): readonly SimulatedIntervention[] {
  return interventions.map(({ id }, k) => {
    const runs = contacts[k]!.length
    const { contactedByOther, contactCap, contactsPerPeriod, budget } = leftOut[k]!
    return {
      id,
      contacts: drawnEstimate(meanOf(contacts[k]!), contacts[k]!, level),
      spent: drawnEstimate(meanOf(spent[k]!), spent[k]!, level),
      leftOut: {
        contactedByOther: contactedByOther / runs,
        contactCap: contactCap / runs,
        contactsPerPeriod: contactsPerPeriod / runs,
        budget: budget / runs,
      },
    }
  })
}

/**
 * One run. Each subject has four numbers a period, by its number alone: its lot, its move, whether a contact keeps it from that move,
 * and where it goes instead.
 */
export function runInto(into: Runs, run: number, given: CheckedSimulation, plan: CheckedPlan): void {
  const { rates, drawn, opening, periods, place, stages, value, random } = given
  const luck = random.fork(run)
  const P = drawn ? rates.draw(luck.fork('rates')) : rates.mean
  const detours = plan.interventions.map((one) => detoursOf(P, one.changed(P, true)))
  const arriving = given.plan.draw(luck.fork('arrivals'))
  const contacts = contactsWithin(plan)
  const spent = () => contacts.spent.reduce((sum, amount) => sum + amount, 0)
  let counts = Float64Array.from(opening)
  let people = placed(opening)
  let factor = value?.first ?? 1
  let worth = payOf(counts, value?.rewards) * factor
  for (let t = 1; t <= periods; t += 1) {
    const chance = luck.fork(`period ${t}`)
    const numbers = new Float64Array(4 * people.length)
    for (let i = 0; i < numbers.length; i += 1) numbers[i] = chance.next()
    const before = spent()
    const by = contacts.choose(t, people, (subject) => numbers[4 * subject]!)
    counts = Float64Array.from(arriving[t - 1]!)
    const newcomers = placed(counts)
    // Newcomers stand behind, so that the numbers of the others stay.
    const next = new Int32Array(people.length + newcomers.length)
    next.set(newcomers, people.length)
    for (let subject = 0; subject < people.length; subject += 1) {
      const state = people[subject]!
      let move = pickedBy(P[state]!, numbers[4 * subject + 1]!)
      const detour = by[subject]! < 0 ? undefined : detours[by[subject]!]![state]
      if (detour !== undefined && numbers[4 * subject + 2]! >= detour.kept[move]!)
        move = pickedBy(detour.gains, numbers[4 * subject + 3]!)
      next[subject] = move
      counts[move]! += 1
    }
    people = next
    for (let j = 0; j < counts.length; j += 1)
      into.counts[(t - 1) * stages.length + place[j]!]![run]! += counts[j]!
    worth -= (spent() - before) * factor
    factor *= value?.discount ?? 1
    worth += payOf(counts, value?.rewards) * factor
  }
  into.value[run] = worth
  for (const [k, left] of contacts.leftOut.entries()) {
    into.contacts[k]![run] = contacts.counts[k]!
    into.spent[k]![run] = contacts.spent[k]!
    for (const why of Object.keys(left) as (keyof ContactsLeftOut)[]) into.leftOut[k]![why] += left[why]
  }
}

/** Subjects one by one, those of a state in a row. */
function placed(counts: readonly number[] | Float64Array): Int32Array {
  let size = 0
  for (const count of counts) size += count
  const people = new Int32Array(size)
  let next = 0
  for (let state = 0; state < counts.length; state += 1) {
    people.fill(state, next, next + counts[state]!)
    next += counts[state]!
  }
  return people
}

function payOf(counts: Float64Array, rewards: readonly number[] | undefined): number {
  let sum = 0
  if (rewards !== undefined) for (const [i, reward] of rewards.entries()) sum += counts[i]! * reward
  return sum
}

/** A mean; without order, for places are runs. */
export function meanOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

/**
 * Another row as detours from the first one: a move is kept with a chance, else another one is drawn from what the other row has
 * more. So a contacted subject goes another way no more often than the rows differ.
 */
interface Detour {
  readonly kept: readonly number[]
  readonly gains: readonly number[]
}

function detoursOf(from: Matrix, to: Matrix): readonly (Detour | undefined)[] {
  return from.map((row, i) => {
    const other = to[i]!
    const more = other.map((rate, j) => Math.max(0, rate - row[j]!))
    const sum = more.reduce((a, b) => a + b, 0)
    if (sum === 0) return undefined
    return {
      kept: row.map((rate, j) => (rate === 0 || other[j]! >= rate ? 1 : other[j]! / rate)),
      gains: more.map((part) => part / sum),
    }
  })
}
