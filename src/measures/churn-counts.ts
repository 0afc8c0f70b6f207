import { checkList, checkRecord, fault } from '../kernel/errors.js'

/**
 * How many of a group were still there after each period. Groups of different age stand side by side: each ends with the
 * last period that it has lived through, and nothing is said of later ones.
 */
export interface ChurnCohort {
  /** Its name, such as `2024-03`. */
  readonly cohort: string
  /**
   * How many there were at first, then after one period, after two, and so on: whole numbers that never rise, as who is
   * gone does not come back.
   */
  readonly survivors: readonly number[]
}

/** Who stood before one period, over all cohorts that lived through it. */
interface ChurnPeriod {
  /** From 1. */
  readonly period: number
  readonly left: number
  readonly stayed: number
}

/** Cohorts added up by period: all that a model of one curve for everybody needs of them. */
export interface ChurnTable {
  /** Everybody, those too who were seen for no period at all. */
  readonly people: number
  /** From period 1 to the last in which somebody was at risk. */
  readonly periods: readonly ChurnPeriod[]
}

/** The most periods that are looked at: more than five years of days. */
const mostPeriods = 2000

/** Refuses what is no list of survivor counts, at its own path. */
export function checkChurnCohorts(cohorts: readonly ChurnCohort[], path: string): void {
  checkList(cohorts, path)
  let people = 0
  for (const [i, one] of cohorts.entries()) {
    checkRecord(one, `${path}[${i}]`)
    const { cohort, survivors } = one
    if (typeof cohort !== 'string') throw fault('wrong-type', `${path}[${i}].cohort`, cohort, 'text')
    const at = `${path}[${i}].survivors`
    checkList(survivors, at)
    if (survivors.length === 0) throw fault('missing', at, survivors, 'at least the size of the cohort')
    if (survivors.length > mostPeriods + 1)
      throw fault('too-large', at, survivors.length, `at most ${mostPeriods} periods`)
    let before = Number.MAX_SAFE_INTEGER
    for (let t = 0; t < survivors.length; t += 1) {
      const count = survivors[t]!
      if (!(Number.isSafeInteger(count) && count >= 0 && count <= before)) {
        const expected =
          t === 0 ? 'a whole number from 0' : 'a whole number from 0, at most the one before it'
        throw fault('out-of-range', `${at}[${t}]`, count, expected)
      }
      before = count
    }
    people += survivors[0]!
  }
  if (!Number.isSafeInteger(people)) throw fault('too-large', path, people, 'at most 2^53 people')
}

/** The same cohorts as they stood after a number of periods. */
export function asOfPeriod(cohorts: readonly ChurnCohort[], period: number): readonly ChurnCohort[] {
  return cohorts.map(({ cohort, survivors }) => ({ cohort, survivors: survivors.slice(0, period + 1) }))
}

export function churnTable(cohorts: readonly ChurnCohort[]): ChurnTable {
  let people = 0
  const left: number[] = []
  const stayed: number[] = []
  for (const { survivors } of cohorts) {
    people += survivors[0]!
    for (let t = 1; t < survivors.length && survivors[t - 1]! > 0; t += 1) {
      left[t - 1] = (left[t - 1] ?? 0) + survivors[t - 1]! - survivors[t]!
      stayed[t - 1] = (stayed[t - 1] ?? 0) + survivors[t]!
    }
  }
  return {
    people,
    periods: left.map((gone, i) => ({ period: i + 1, left: gone, stayed: stayed[i]! })),
  }
}
