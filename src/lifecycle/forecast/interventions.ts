import { checkKeys, checkList, checkRecord, fault } from '../../kernel/errors.js'
import type { Matrix } from '../../measures/index.js'
import { changedRates, placedChanges, type RateChange, type StageNames, statesNamed } from './changes.js'
import { checkWhole } from './setting.js'

/** How much can be done. */
export interface StageContactLimits {
  /** In each period. */
  readonly contactsPerPeriod?: number
  /** The same said by who does it; of both limits the smaller counts. */
  readonly agents?: { readonly count: number; readonly contactsEach: number }
  /** Over all periods, in the unit of `costPerContact`. */
  readonly budget?: number
}

/** What somebody does with subjects in some stages, within limits. */
export interface StageIntervention {
  readonly id: string
  /** Whom: subjects that stand in one of these stages or states when a period begins. */
  readonly stages: readonly string[]
  /** What becomes of the rates of a subject that is contacted, in that period. */
  readonly changes: readonly RateChange[]
  /** 0 unless told. */
  readonly costPerContact?: number
  /** First and last period, from 1; all unless told. */
  readonly from?: number
  readonly until?: number
  readonly limits?: StageContactLimits
}

/** Limits of all interventions together. */
export interface StageSharedLimits extends StageContactLimits {
  /** So many contacts of one subject at the most in so many periods in a row. */
  readonly perSubject?: { readonly contacts: number; readonly periods: number }
}

/** An intervention with names looked up. */
export interface PlacedIntervention {
  readonly id: string
  /** By state. */
  readonly reaches: readonly boolean[]
  readonly cost: number
  readonly from: number
  readonly until: number
  readonly perPeriod: number
  readonly budget: number
  /** Rates of who is contacted, from the rates of who is not. */
  changed(rates: Matrix, cut: boolean): Matrix
}

/** Limits with those that were not given as infinite. */
export interface PlacedLimits {
  readonly perPeriod: number
  readonly budget: number
  readonly contacts: number
  readonly within: number
}

/** Interventions and limits that are known to be right. */
export interface CheckedPlan {
  readonly interventions: readonly PlacedIntervention[]
  readonly limits: PlacedLimits
}

/** Refuses interventions that are none, and looks their names up. */
export function placedInterventions(
  names: StageNames,
  interventions: unknown,
  path: string,
): readonly PlacedIntervention[] {
  checkList(interventions, path)
  if (interventions.length > 100)
    throw fault('too-large', path, interventions.length, '100 interventions at the most')
  const ids = new Set<string>()
  return (interventions as readonly StageIntervention[]).map((one, k): PlacedIntervention => {
    const at = `${path}[${k}]`
    checkRecord(one, at)
    checkKeys(one, ['id', 'stages', 'changes', 'costPerContact', 'from', 'until', 'limits'], at)
    const { id, stages, changes, costPerContact: cost = 0, from = 1, until = 1000, limits = {} } = one
    if (typeof id !== 'string' || id === '') throw fault('wrong-type', `${at}.id`, id, 'a name')
    if (ids.has(id)) throw fault('duplicate-name', `${at}.id`, id, 'every intervention once')
    ids.add(id)
    checkList(stages, `${at}.stages`)
    const reached = new Set(stages.flatMap((name, i) => statesNamed(names, name, `${at}.stages[${i}]`)))
    checkFrom0(cost, `${at}.costPerContact`)
    checkWhole(from, `${at}.from`, 1, 1000)
    checkWhole(until, `${at}.until`, 1, 1000)
    checkRecord(limits, `${at}.limits`)
    checkKeys(limits, ['contactsPerPeriod', 'agents', 'budget'], `${at}.limits`)
    const placed = placedChanges(names, changes, `${at}.changes`)
    return {
      id,
      reaches: names.states.map((_, i) => reached.has(i)),
      cost,
      from,
      until,
      ...capacityOf(limits, `${at}.limits`),
      changed: (rates, cut) => changedRates(rates, placed, cut),
    }
  })
}

/** Refuses limits that are none. */
export function placedLimits(limits: unknown, periods: number, path: string): PlacedLimits {
  if (limits === undefined) return { perPeriod: Infinity, budget: Infinity, contacts: Infinity, within: 1 }
  checkRecord(limits, path)
  checkKeys(limits as object, ['contactsPerPeriod', 'agents', 'budget', 'perSubject'], path)
  const { perSubject } = limits as StageSharedLimits
  const capacity = capacityOf(limits as StageSharedLimits, path)
  if (perSubject === undefined) return { ...capacity, contacts: Infinity, within: 1 }
  checkRecord(perSubject, `${path}.perSubject`)
  checkKeys(perSubject, ['contacts', 'periods'], `${path}.perSubject`)
  checkWhole(perSubject.contacts, `${path}.perSubject.contacts`, 0, 1000)
  checkWhole(perSubject.periods, `${path}.perSubject.periods`, 1, 1000)
  const { contacts, periods: within } = perSubject
  // A subject is contacted once a period at the most: such a cap is none.
  return { ...capacity, contacts: contacts >= Math.min(within, periods) ? Infinity : contacts, within }
}

function capacityOf(
  { contactsPerPeriod, agents, budget }: StageContactLimits,
  path: string,
): { readonly perPeriod: number; readonly budget: number } {
  let perPeriod = Infinity
  if (contactsPerPeriod !== undefined) {
    checkWhole(contactsPerPeriod, `${path}.contactsPerPeriod`, 0, 1e12)
    perPeriod = contactsPerPeriod
  }
  if (agents !== undefined) {
    checkRecord(agents, `${path}.agents`)
    checkKeys(agents, ['count', 'contactsEach'], `${path}.agents`)
    checkWhole(agents.count, `${path}.agents.count`, 0, 1e6)
    checkWhole(agents.contactsEach, `${path}.agents.contactsEach`, 0, 1e6)
    perPeriod = Math.min(perPeriod, agents.count * agents.contactsEach)
  }
  if (budget !== undefined) checkFrom0(budget, `${path}.budget`)
  return { perPeriod, budget: budget ?? Infinity }
}

function checkFrom0(value: unknown, path: string): void {
  if (typeof value !== 'number') throw fault('wrong-type', path, value, 'a number')
  if (!(value >= 0 && value <= 1e15)) throw fault('out-of-range', path, value, 'from 0 to 10^15')
}
