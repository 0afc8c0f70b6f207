import { checkList, checkName, checkRecord, fault, unknownName } from '../../kernel/errors.js'
import { checkGroupValue, type GroupValue } from '../../measures/activity/group-value.js'
import type { CompareCohortsOptions } from './options.js'
import { checkDistinct } from './pairs.js'
import type { ComparisonReason } from './reasons.js'

/** What is read of retention: any result whose cohorts have cells by offset, and groups where there is a breakdown. */
export interface ComparedRetention {
  readonly cohorts: readonly ComparedCohort[]
  readonly groups?: readonly { readonly value: GroupValue; readonly cohorts: readonly ComparedCohort[] }[]
  /** Where they hold `rows-overlap`, one person stands in many cohorts, and cohorts are not compared. */
  readonly warnings?: readonly { readonly code: string }[]
}

/** One row of a triangle. */
export interface ComparedCohort {
  readonly cohort: string
  readonly cells: readonly ComparedCell[]
}

/** One cell of a triangle, counted. */
export interface ComparedCell {
  readonly offset: number
  /** The whole cohort, and the share of it whose window has passed. */
  readonly n: number
  readonly maturity: number
  readonly eligible: number
  readonly retained: number
  readonly state: 'complete' | 'incomplete' | 'unobserved'
}

/** One side before it is judged. */
export interface Side {
  readonly name: string
  readonly retained: number
  readonly eligible: number
  readonly maturity: number
  /** How many have a window that has passed. */
  readonly matured: number
  readonly state: ComparedCell['state'] | 'none'
  readonly mixed: boolean
}

function sideOf(name: string, cell: ComparedCell | undefined): Side {
  if (cell === undefined)
    return { name, retained: 0, eligible: 0, maturity: 0, matured: 0, state: 'none', mixed: false }
  const { retained, eligible, maturity, n, state } = cell
  return { name, retained, eligible, maturity, matured: Math.round(maturity * n), state, mixed: false }
}

/** Each cohort as a side: of everybody, or of one value. */
export function cohortSides(
  { cohorts, groups = [] }: ComparedRetention,
  { offset, value }: CompareCohortsOptions,
): readonly Side[] {
  const within = value === undefined ? { cohorts } : groups.find((group) => group.value === value)
  if (within === undefined)
    throw unknownName(
      '$.value',
      value,
      groups.map((one) => String(one.value)),
    )
  return within.cohorts.map(({ cohort, cells }) =>
    sideOf(
      cohort,
      cells.find((cell) => cell.offset === offset),
    ),
  )
}

/** Each value as a side: in one cohort, or in all that are complete for every value. */
export function valueSides(
  { cohorts, groups = [] }: ComparedRetention,
  { offset, cohort }: CompareCohortsOptions,
): readonly Side[] {
  if (cohort !== undefined && !cohorts.some((one) => one.cohort === cohort))
    throw unknownName(
      '$.cohort',
      cohort,
      cohorts.slice(0, 20).map((one) => one.cohort),
    )
  const cellIn = (rows: readonly ComparedCohort[], name: string) =>
    rows.find((one) => one.cohort === name)?.cells.find((cell) => cell.offset === offset)
  if (cohort !== undefined)
    return groups.map(({ value, cohorts: own }) => sideOf(String(value), cellIn(own, cohort)))
  // The same cohorts for every value, or one would be older than the other.
  const usable = cohorts.flatMap(({ cohort: name }) =>
    groups.every(({ cohorts: own }) => cellIn(own, name)?.state === 'complete') ? [name] : [],
  )
  return groups.map(({ value, cohorts: own }) => {
    let [retained, eligible] = [0, 0]
    for (const name of usable) {
      const cell = cellIn(own, name)!
      retained += cell.retained
      eligible += cell.eligible
    }
    const state = usable.length > 0 ? 'complete' : 'none'
    const mixed = usable.length > 1
    return { name: String(value), retained, eligible, maturity: 1, matured: eligible, state, mixed }
  })
}

/** Why a side cannot be compared. */
export function refusalOf(
  { state, eligible, matured }: Side,
  immature: 'refuse' | 'eligible',
): ComparisonReason | undefined {
  if (state === 'none') return 'no-cell'
  if (state === 'unobserved') return 'not-observed'
  if (state === 'incomplete' && (immature === 'refuse' || eligible > matured || eligible === 0))
    return 'not-over'
  return eligible === 0 ? 'no-trials' : undefined
}

/** Expected counts of a two-by-two table. */
export function isFew(a: Side, b: Side): boolean {
  const trials = a.eligible + b.eligible
  const retained = a.retained + b.retained
  const least = Math.min(retained, trials - retained) / trials
  return Math.min(a.eligible, b.eligible) * least < 5
}

/** @throws DefinitionError for what is no triangle, with its path. */
export function checkRetention(retention: ComparedRetention): void {
  checkRecord(retention, '$')
  const { cohorts, groups = [], warnings = [] } = retention
  checkCohorts(cohorts, '$.cohorts')
  checkList(groups, '$.groups')
  for (const [i, group] of groups.entries()) {
    checkRecord(group, `$.groups[${i}]`)
    checkCohorts(group.cohorts, `$.groups[${i}].cohorts`)
    checkGroupValue(group.value, `$.groups[${i}].value`)
  }
  checkDistinct(
    groups.map(({ value }) => String(value)),
    '$.groups',
  )
  checkList(warnings, '$.warnings')
  for (const [i, warning] of warnings.entries()) checkRecord(warning, `$.warnings[${i}]`)
}

function checkCohorts(cohorts: unknown, path: string): void {
  checkList(cohorts, path)
  const names: string[] = []
  for (const [i, one] of cohorts.entries()) {
    checkRecord(one, `${path}[${i}]`)
    const { cohort, cells } = one as ComparedCohort
    if (typeof cohort !== 'string') throw fault('wrong-type', `${path}[${i}].cohort`, cohort, 'text')
    names.push(cohort)
    checkList(cells, `${path}[${i}].cells`)
    for (const [j, cell] of cells.entries()) checkCell(cell, `${path}[${i}].cells[${j}]`)
  }
  checkDistinct(names, path)
}

function checkCell(cell: ComparedCell, path: string): void {
  checkRecord(cell, path)
  const { offset, n, maturity, eligible, retained, state } = cell
  for (const [key, value, most] of [
    ['offset', offset, Number.MAX_SAFE_INTEGER],
    ['n', n, Number.MAX_SAFE_INTEGER],
    ['eligible', eligible, n],
    ['retained', retained, eligible],
  ] as const) {
    if (!(Number.isSafeInteger(value) && value >= 0 && value <= most))
      throw fault('out-of-range', `${path}.${key}`, value, `a whole number from 0 to ${most}`)
  }
  if (!(Number.isFinite(maturity) && maturity >= 0 && maturity <= 1))
    throw fault('out-of-range', `${path}.maturity`, maturity, 'from 0 to 1')
  checkName(['complete', 'incomplete', 'unobserved'], state, `${path}.state`)
}
