// Cox regression as its definitions read: every risk set gone through for every event, ties by every order.
import type { CoxRecord } from '../../../src/measures/cox/subjects.js'

export const names = (records: readonly CoxRecord[]) => Object.keys(records[0]!.covariates).sort()

/** Each time with events in each stratum: who has one, and who was at risk. */
export function riskSets(records: readonly CoxRecord[]) {
  return [...new Set(records.map(({ stratum }) => stratum))].flatMap((stratum) => {
    const own = records.filter((one) => one.stratum === stratum)
    const times = [...new Set(own.filter(({ event }) => event).map(({ time }) => time))].sort((a, b) => a - b)
    return times.map((time) => ({
      stratum,
      time,
      tied: own.filter((one) => one.event && one.time === time),
      atRisk: own.filter((one) => one.time >= time && (one.entry === undefined || one.entry < time)),
    }))
  })
}

const score = (record: CoxRecord, at: readonly number[]) =>
  names([record]).reduce((sum, name, k) => sum + at[k]! * record.covariates[name]!, 0)

function orders<T>(of: readonly T[]): readonly (readonly T[])[] {
  return of.length === 0
    ? [[]]
    : of.flatMap((first, i) =>
        orders([...of.slice(0, i), ...of.slice(i + 1)]).map((rest) => [first, ...rest]),
      )
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

/** The weight at risk at each of the tied events. Efron: those still to go, averaged over every order they can go in. */
export function weights(
  { tied, atRisk }: { readonly tied: readonly CoxRecord[]; readonly atRisk: readonly CoxRecord[] },
  ties: 'efron' | 'breslow',
  at: readonly number[],
): readonly number[] {
  const weigh = (of: readonly CoxRecord[]) => total(of.map((one) => Math.exp(score(one, at))))
  const others = weigh(atRisk.filter((one) => !tied.includes(one)))
  const every = orders(tied)
  return tied.map((_, k) =>
    ties === 'breslow'
      ? others + weigh(tied)
      : others + total(every.map((order) => weigh(order.slice(k)))) / every.length,
  )
}

export function slowLogLikelihood(
  records: readonly CoxRecord[],
  ties: 'efron' | 'breslow',
  at: readonly number[],
): number {
  return total(
    riskSets(records).map(
      (set) =>
        total(set.tied.map((one) => score(one, at))) - total(weights(set, ties, at).map((w) => Math.log(w))),
    ),
  )
}

/** Each pair of one with an event and another at risk then, as the difference of their covariates. */
export const differences = (records: readonly CoxRecord[]): readonly (readonly number[])[] =>
  riskSets(records).flatMap(({ tied, atRisk }) =>
    tied.flatMap((one) =>
      atRisk.map((other) => names(records).map((name) => one.covariates[name]! - other.covariates[name]!)),
    ),
  )

/** Every comparable pair, with what it says of the scores. */
export function slowConcordance(
  records: readonly (CoxRecord & { readonly score: number })[],
): { readonly value: number; readonly standardError: number } | undefined {
  const pairs = records.flatMap((one, i) =>
    records.flatMap((other, j) =>
      i !== j &&
      one.event &&
      one.stratum === other.stratum &&
      (other.time > one.time || (other.time === one.time && !other.event)) &&
      (other.entry === undefined || other.entry < one.time)
        ? [{ i, j, says: Math.sign(one.score - other.score) }]
        : [],
    ),
  )
  if (pairs.length === 0) return undefined
  const balance = total(pairs.map(({ says }) => says)) / pairs.length
  // What the estimate would change with the weight of one person, who is in these pairs.
  const influences = records.map(
    (_, person) =>
      total(pairs.map(({ i, j, says }) => (i === person || j === person ? says - balance : 0))) /
      pairs.length /
      2,
  )
  return {
    value: (balance + 1) / 2,
    standardError: Math.sqrt(total(influences.map((influence) => influence * influence))),
  }
}
