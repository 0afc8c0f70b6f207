import type { Relation, Trial } from './solve.js'
import { areApart, highest, lowest, others, SOMETHING, type Values, values, within } from './values.js'

/** One of these is so. */
export function oneOf(...parts: readonly (readonly [unknown: number, among: Values])[]): Relation {
  return {
    among: parts.map(([unknown]) => unknown),
    narrow(trial) {
      let open: readonly [number, Values] | undefined
      for (const part of parts) {
        const now = trial.get(part[0])
        if (areApart(now, part[1])) continue
        if (open !== undefined || within(now, part[1])) return
        open = part
      }
      const [unknown, among] = open ?? parts[0]!
      trial.keep(unknown, among)
    },
  }
}

/** Where the first says one of these, the second says one of those. */
export const follows = (a: number, when: Values, b: number, then: Values): Relation =>
  oneOf([a, others(when)], [b, then])

/** Nothing above a bound, and nothing below one; most often that is so already. */
function keepUpTo(trial: Trial, unknown: number, high: number): void {
  if (highest(trial.get(unknown)) > high) trial.keep(unknown, { none: true, spans: [[-Infinity, high]] })
}
function keepFrom(trial: Trial, unknown: number, low: number): void {
  if (lowest(trial.get(unknown)) < low) trial.keep(unknown, { none: true, spans: [[low, Infinity]] })
}

/** `times * a + more` is at most `b`, where both say something. */
export const isAtMost = (a: number, b: number, times = 1, more = 0): Relation => ({
  among: [a, b],
  narrow(trial) {
    if (!trial.get(b).none) keepUpTo(trial, a, Math.floor((highest(trial.get(b)) - more) / times))
    if (!trial.get(a).none) keepFrom(trial, b, times * lowest(trial.get(a)) + more)
  },
})

/** `b` is at most `times * a + more`, where both say something. */
export const isAtLeast = (a: number, b: number, times: number, more: number): Relation => ({
  among: [a, b],
  narrow(trial) {
    if (!trial.get(a).none) keepUpTo(trial, b, times * highest(trial.get(a)) + more)
    if (!trial.get(b).none) keepFrom(trial, a, Math.ceil((lowest(trial.get(b)) - more) / times))
  },
})

/** Several together are at most another; none of them is below 0. */
export const areAtMost = (parts: readonly number[], whole: number): Relation => ({
  among: [...parts, whole],
  narrow(trial) {
    const all = [...parts, whole]
    if (all.some((one) => trial.get(one).none)) return
    let sum = 0
    for (const part of parts) sum += lowest(trial.get(part))
    keepFrom(trial, whole, sum)
    const most = highest(trial.get(whole))
    for (const part of parts) keepUpTo(trial, part, most - (sum - lowest(trial.get(part))))
  },
})

/** One is at most several others together. */
export const isAtMostAll = (whole: number, parts: readonly number[]): Relation => ({
  among: [...parts, whole],
  narrow(trial) {
    const all = [...parts, whole]
    if (all.some((one) => trial.get(one).none)) return
    let sum = 0
    for (const part of parts) sum += highest(trial.get(part))
    keepUpTo(trial, whole, sum)
    if (sum === Infinity) return
    const least = lowest(trial.get(whole))
    for (const part of parts) keepFrom(trial, part, least - (sum - highest(trial.get(part))))
  },
})

/** Both say the same where both say something. */
export const areSame = (a: number, b: number): Relation => ({
  among: [a, b],
  narrow: (trial) => meetBoth(trial, a, b),
})

function meetBoth(trial: Trial, a: number, b: number): void {
  const [one, other] = [trial.get(a), trial.get(b)]
  if (!one.none) trial.keep(b, { ...one, none: true })
  if (!other.none) trial.keep(a, { ...other, none: true })
}

/** Both say the same where the third says one of these, and both say something; or nothing, where `also` says so. */
export const areSameWhen = (guard: number, when: Values, a: number, b: number, also: boolean): Relation => ({
  among: [guard, a, b],
  narrow(trial) {
    const [one, other] = [trial.get(a), trial.get(b)]
    if (within(trial.get(guard), when)) {
      if (also) {
        trial.keep(b, one)
        trial.keep(a, other)
      } else meetBoth(trial, a, b)
      return
    }
    const apart = also ? areApart(one, other) : !one.none && !other.none && areApart(one, other)
    if (apart) trial.keep(guard, others(when))
  },
})

/** They never say the same thing. */
export const areDifferent = (a: number, b: number): Relation => ({
  among: [a, b],
  narrow(trial) {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const { none, spans } = trial.get(one)
      if (!none && spans.length === 1 && spans[0]![0] === spans[0]![1])
        trial.keep(other, others(values(spans[0]!)))
    }
  },
})

/** Something is said of the first only where the second says one of these. */
export const needs = (a: number, b: number, among: Values): Relation => follows(a, SOMETHING, b, among)
