import { checkCurrency } from '../../kernel/currency.js'
import { checkKeys, checkName, checkRecord, fault, reading } from '../../kernel/errors.js'
import { own } from '../../kernel/plain.js'
import type { StagePlanDefinition } from './definition.js'
import { type ReadMove, readMoves } from './plan-flows.js'
import { type ReadGoal, readGoals } from './plan-goals.js'
import { type ReadCell, readBudget } from './plan-money.js'
import { checkText, checkWords, readNames, readYears } from './plan-names.js'

/** A definition that holds, by place: stages, lines, years and flows are counted from 0; -1 is outside the stages. */
export interface ReadPlan {
  readonly definition: StagePlanDefinition
  readonly stages: readonly string[]
  readonly years: readonly number[]
  readonly owners: readonly string[]
  /** By year, then stage. */
  readonly goals: readonly (readonly (ReadGoal | undefined)[])[]
  /** By year, in the order of the definition. */
  readonly moves: readonly (readonly ReadMove[])[]
  readonly cells: readonly ReadCell[]
  /** Whether who moves to a later stage may move on in the same year. */
  readonly several: boolean
}

const KEYS: readonly string[] = [
  ...['id', 'version', 'currency', 'stages', 'years', 'lines', 'owners', 'goals', 'budget', 'rounding'],
  ...['flows', 'pace', 'words'],
]

/** Checks a definition and counts its names; for typed callers and for JSON alike. */
export function readPlan(definition: StagePlanDefinition): ReadPlan {
  checkRecord(definition, '$')
  checkKeys(definition, KEYS, '$')
  const { id, version, currency, pace, rounding, words } = definition
  if (typeof id !== 'string' || !/^[a-z][a-z0-9-]{0,199}$/.test(id))
    throw fault('wrong-type', '$.id', id, 'lower-case letters, digits and hyphens')
  if (!Number.isSafeInteger(version) || version < 1)
    throw fault('out-of-range', '$.version', version, '1 or more')
  checkCurrency(currency, '$.currency')
  if (rounding !== undefined) checkName(['largest-remainder', 'first-slot'], rounding, '$.rounding')
  checkName(['one-move-a-year', 'several-moves-a-year'], pace, '$.pace')
  const stages = readNames(definition.stages, '$.stages')
  const lines = readNames(definition.lines, '$.lines')
  const years = readYears(definition.years)
  if (words !== undefined) checkWords(words, [...stages, ...lines])
  const names = { stages, lines, years }
  const owners = readOwners(definition.owners, stages)
  return {
    definition,
    stages,
    years,
    owners,
    goals: readGoals(definition.goals, names),
    moves: readMoves(definition.flows, names, currency),
    cells: readBudget(definition, names, owners),
    several: pace === 'several-moves-a-year',
  }
}

function readOwners(value: unknown, stages: readonly string[]): readonly string[] {
  checkRecord(value, '$.owners')
  for (const name of Object.keys(value as object)) checkName(stages, name, `$.owners.${name}`)
  return stages.map((stage) => {
    const owner = own(value as object, stage)
    if (owner === undefined) throw fault('missing', `$.owners.${stage}`, owner, 'who answers for the stage')
    checkText(owner, `$.owners.${stage}`)
    return owner
  })
}

/** A plan by its definition: also of one that was stored and read again. */
export function planOf(plan: { readonly definition: unknown }): ReadPlan {
  checkRecord(plan, '$.plan')
  const { definition } = plan
  return reading('wrong-type', '$.plan', plan, 'a plan made by defineStagePlan', () =>
    readPlan(definition as StagePlanDefinition),
  )
}

/** The place of a year in the plan. */
export function yearIn({ years }: ReadPlan, year: unknown, path: string): number {
  const at = years.indexOf(year as number)
  if (at < 0) throw fault('out-of-range', path, year, years.join(' | '))
  return at
}
