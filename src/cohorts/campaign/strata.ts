import { checkList, checkName, checkRecord, fault } from '../../kernel/errors.js'
import { type Instant, type PeriodUnit, parseMinor } from '../../kernel/index.js'
import { checkInstant } from '../../kernel/instant.js'
import { periodUnits } from '../../kernel/periods.js'
import { isRecord } from '../../kernel/plain.js'
import { checkGroupValue, type GroupValue } from '../../measures/activity/group-value.js'
import type { RetentionCell, RetentionCohort } from '../retention/cells.js'
import { type Read, whole } from './options.js'

/** Retention by a field of the entry event, as `defineRetention` answers with `breakdown: { field, of: 'entry' }`. */
export interface CampaignRetention {
  readonly period: PeriodUnit
  readonly asOf: Instant
  readonly cohorts: readonly Pick<RetentionCohort, 'cohort' | 'size'>[]
  readonly groups: readonly {
    readonly value: GroupValue
    readonly cohorts: readonly (Pick<RetentionCohort, 'cohort' | 'size'> & {
      readonly cells: readonly Pick<
        RetentionCell,
        'offset' | 'period' | 'eligible' | 'retained' | 'state' | 'total'
      >[]
    })[]
  }[]
  readonly warnings: readonly { readonly code: string }[]
}

/**
 * The people of one city, one shop, one gender: those who are compared with one another only. Everybody belongs to one stratum;
 * who is in two is counted twice, which nothing here can see.
 */
export interface CampaignStratum {
  readonly stratum: string
  readonly retention: CampaignRetention
}

/** People of one side in one cohort of one stratum. */
export interface Side {
  readonly size: number
  readonly cells: ReadonlyMap<number, SideCell>
}

/** What is known of a side at one offset. */
export interface SideCell {
  readonly state: 'complete' | 'incomplete' | 'unobserved'
  readonly retained: number
  /** In smallest units; of amounts that are none, undefined. */
  readonly total: bigint | undefined
}

/** One stratum as it is worked with; all people are one where none are given. */
export interface Stratum {
  readonly name: string
  readonly period: PeriodUnit
  readonly asOf: Instant
  readonly elapsed: boolean
  readonly cohorts: readonly string[]
  readonly groups: readonly { readonly value: GroupValue; readonly sides: readonly Side[] }[]
}

/** States of a cell, each worse than the one before: together, cells have the worst of theirs. */
export const worse = ['complete', 'incomplete', 'unobserved'] as const

/** @throws DefinitionError for what is no retention by a field of the entry, with its path from `$.retention`. */
export function readStrata(
  given: CampaignRetention | readonly CampaignStratum[],
  { digits, standardise }: Read,
): { readonly strata: readonly Stratum[]; readonly named: boolean } {
  if (!Array.isArray(given)) {
    if (standardise !== undefined && standardise.over !== 'cohorts')
      throw fault('missing', '$.retention', given, 'retention by stratum: [{ stratum, retention }]')
    return {
      strata: [readRetention(given as CampaignRetention, '', '$.retention', digits)],
      named: false,
    }
  }
  if (given.length === 0) throw fault('missing', '$.retention', given, 'at least one stratum')
  const names = new Set<string>()
  const strata = (given as readonly CampaignStratum[]).map((one, i) => {
    const path = `$.retention[${i}]`
    checkRecord(one, path)
    const { stratum, retention } = one
    if (typeof stratum !== 'string' || stratum === '')
      throw fault('wrong-type', `${path}.stratum`, stratum, 'a name')
    if (names.has(stratum)) throw fault('duplicate-name', `${path}.stratum`, stratum, 'every stratum once')
    names.add(stratum)
    return readRetention(retention, stratum, `${path}.retention`, digits)
  })
  const [first] = strata
  for (const [i, { period, asOf }] of strata.entries()) {
    if (period !== first!.period || asOf !== first!.asOf)
      throw fault(
        'out-of-range',
        `$.retention[${i}].retention`,
        asOf,
        'the period and asOf of the first stratum',
      )
  }
  return { strata, named: true }
}

function readRetention(given: CampaignRetention, name: string, path: string, digits: number): Stratum {
  checkRecord(given, path)
  const { period, asOf, cohorts, groups, warnings } = given
  checkName(periodUnits, period, `${path}.period`)
  checkInstant(asOf, `${path}.asOf`)
  checkList(cohorts, `${path}.cohorts`)
  checkList(groups, `${path}.groups`)
  checkList(warnings, `${path}.warnings`)
  for (const warning of warnings) {
    if (isRecord(warning) && warning['code'] === 'rows-overlap')
      throw fault(
        'out-of-range',
        `${path}.warnings`,
        'rows-overlap',
        'an entry rule by which everybody enters once',
      )
  }
  const names: string[] = []
  for (const [i, one] of cohorts.entries()) {
    checkRecord(one, `${path}.cohorts[${i}]`)
    if (typeof one.cohort !== 'string' || one.cohort === '')
      throw fault('wrong-type', `${path}.cohorts[${i}].cohort`, one.cohort, 'a name')
    whole(one.size, `${path}.cohorts[${i}].size`)
    if (names.includes(one.cohort))
      throw fault('duplicate-name', `${path}.cohorts[${i}].cohort`, one.cohort, 'every cohort once')
    names.push(one.cohort)
  }
  let elapsed = false
  const values = new Set<GroupValue>()
  const read = groups.map((group, i) => {
    const at = `${path}.groups[${i}]`
    checkRecord(group, at)
    checkGroupValue(group.value, `${at}.value`)
    if (values.has(group.value)) throw fault('duplicate-name', `${at}.value`, group.value, 'every value once')
    values.add(group.value)
    checkList(group.cohorts, `${at}.cohorts`)
    if (group.cohorts.length !== names.length)
      throw fault(
        'out-of-range',
        `${at}.cohorts`,
        group.cohorts.length,
        `${names.length} cohorts, those of all people`,
      )
    const sides = group.cohorts.map((cohort, j) => {
      const side = readCohort(cohort, { name: names[j]!, digits, path: `${at}.cohorts[${j}]` })
      elapsed ||= cohort.cells.some(({ period: label }) => label === null)
      return side
    })
    return { value: group.value, sides }
  })
  for (const [i, { size }] of cohorts.entries()) {
    const sum = read.reduce((all, { sides }) => all + sides[i]!.size, 0)
    if (sum !== size)
      throw fault(
        'out-of-range',
        `${path}.groups`,
        sum,
        `groups whose people add up to the ${size} of a cohort: breakdown { of: 'entry' }`,
      )
  }
  return { name, period, asOf, elapsed, cohorts: names, groups: read }
}

function readCohort(
  given: CampaignRetention['groups'][number]['cohorts'][number],
  { name, digits, path }: { readonly name: string; readonly digits: number; readonly path: string },
): Side {
  checkRecord(given, path)
  const { cohort, size, cells } = given
  if (cohort !== name) throw fault('unknown-name', `${path}.cohort`, cohort, name)
  whole(size, `${path}.size`)
  checkList(cells, `${path}.cells`)
  const read = new Map<number, SideCell>()
  for (const [i, cell] of cells.entries()) {
    const at = `${path}.cells[${i}]`
    checkRecord(cell, at)
    const { offset, eligible, retained, state, total, period } = cell
    if (period !== null && typeof period !== 'string')
      throw fault('wrong-type', `${at}.period`, period, 'the name of a period, or null')
    whole(offset, `${at}.offset`)
    whole(eligible, `${at}.eligible`, size)
    whole(retained, `${at}.retained`, eligible)
    checkName(worse, state, `${at}.state`)
    if (read.has(offset)) throw fault('duplicate-name', `${at}.offset`, offset, 'every offset once')
    if (state === 'complete' && eligible !== size)
      throw fault('out-of-range', `${at}.eligible`, eligible, `all ${size} of a complete cell`)
    if (
      total !== undefined &&
      typeof total !== 'string' &&
      !(Number.isSafeInteger(total) && !Object.is(total, -0))
    )
      throw fault('wrong-type', `${at}.total`, total, 'an amount as text, or a whole number')
    const minor = typeof total === 'string' ? parseMinor(total, digits) : undefined
    read.set(offset, { state, retained, total: minor === undefined ? undefined : BigInt(minor) })
  }
  return { size, cells: read }
}
