import { checkKeys, fault } from '../../kernel/errors.js'
import { type AnyEvent, type EventSpecs, formatMinor, type Instant } from '../../kernel/index.js'
import { checkInstant } from '../../kernel/instant.js'
import { isRecord } from '../../kernel/plain.js'
import { byUnits, type GroupValue } from '../../measures/activity/group-value.js'
import {
  bitsOf,
  type ExactShare,
  type Fraction,
  fraction,
  minus,
  roundedParts,
  shapley,
  shareOf,
} from './exact-share.js'
import {
  type Mixer,
  mixerOf,
  type ReadDifference,
  type RetentionFactor,
  type RetentionWindow,
  sideOf,
} from './mixed-definitions.js'
import type { RetentionDefinition } from './settings.js'
import { type Standings, type States, standingsOf, statesOf } from './standings.js'

/** Which number of the two is compared. */
export interface RetentionDifferenceOptions extends RetentionWindow {
  /** Events after it do not count, for neither side. */
  readonly asOf: Instant
  /**
   * In the periods, or stretches of time, of each side's own clock: day 7 of one may be week 1 of the other. Among brackets, the
   * one that holds it.
   */
  readonly offset: number | { readonly a: number; readonly b: number }
  /** What side `a` or `b` takes instead of the shared window; a queue of reports is rarely run at one instant. */
  readonly a?: RetentionWindow
  readonly b?: RetentionWindow
  /** The value of the breakdown that is compared; both definitions need one then. Everybody unless told. */
  readonly group?: GroupValue
  /** Digits of percentage points; 1 unless told, at most 6. */
  readonly decimals?: number
}

/** A number of the one data set, by whichever settings. */
export interface RetentionSide {
  readonly eligible: number
  readonly retained: number
  /** Weighted over cohorts, as in `averages`; nothing where there is no such number. */
  readonly rate: ExactShare | null
}

/** What one factor makes of the difference. */
export interface RetentionPart extends ExactShare {
  readonly factor: RetentionFactor
  /** The settings in it that differ: `['calendar.zone', 'clock']`. */
  readonly settings: readonly string[]
}

/** How one person counts, over all cohorts they are in. Names of people: whoever passes them on masks them. */
export interface RetentionStanding {
  /** In how many of the cohorts. 0 is: not in the number at all; 2 or more with `recurring` alone. */
  readonly cohorts: number
  readonly eligible: number
  readonly retained: number
}

/** Somebody who counts otherwise under the one definition than under the other. */
export interface RetentionMove {
  readonly subject: string
  readonly a: RetentionStanding
  readonly b: RetentionStanding
  /** Factors that change how they count, whatever the other factors are: by at least one of the mixed definitions. */
  readonly by: readonly RetentionFactor[]
}

/** By factor, whose settings a mixed definition takes. Factors in which the two agree are left out. */
export type RetentionMix = { readonly [F in RetentionFactor]?: 'a' | 'b' }

/** Why two numbers differ. Differences are of `b` less `a`. */
export type RetentionDifference = {
  readonly a: RetentionSide
  readonly b: RetentionSide
  /** Ascending by name; those who only change cohorts are not in it. None where one of the two is `impossible`. */
  readonly moved: readonly RetentionMove[]
} & (
  | {
      readonly kind: 'parts'
      readonly difference: ExactShare
      /** One for each factor in which settings differ, in the order of `RetentionFactor`. They add up exactly. */
      readonly parts: readonly RetentionPart[]
    }
  | {
      /**
       * No parts: a definition mixed of the two has no number, so that nobody can say what its factors do one by one. With
       * `mix` of `a` or of `b` alone, one of the two numbers does not exist, and there is no difference either.
       */
      readonly kind: 'undefined'
      /** `no-trials`: it has no cohort with anybody in it. `not-over`: nobody's window has passed. `impossible`: see `fault`. */
      readonly reason: 'no-trials' | 'not-over' | 'impossible'
      /** The mixed definition, the one nearest to `a`. */
      readonly mix: RetentionMix
      /** What its settings are refused for. */
      readonly fault: { readonly code: string; readonly path: string; readonly expected: string } | null
      readonly difference: ExactShare | null
    }
)

/**
 * Why one definition says 41 % and the other 38 %, on the same events: the difference of the weighted rates at an offset, in parts by
 * factor that add up to it exactly.
 *
 * A part is the factor's Shapley value: what switching it from `a` to `b` changes, averaged over every order in which the
 * factors can be switched. So no order is preferred, a factor without any effect gets exactly zero, and (b, a) gives the same
 * parts with the other sign. It is computed in fractions of whole numbers, not in floats. `2^n` mixed definitions are
 * counted for `n` factors, 32 at most; states that they share are collected once, in one pass over the events.
 *
 * Where a rule of entry is `first-in-window`, it reads `since`: if the sides have different windows then, these belong to the factor
 * `entry`, because the rule of one side with the window of the other need not be a definition at all. What else cannot
 * be combined is told as `impossible`, never dropped.
 *
 * Names, versions, `keep` and `sum` play no part, nor does the breakdown without `group`. Numbers are those of `keep: 'instants'`:
 * later events never hide the last period.
 *
 * @param a - From which the difference is taken.
 * @param b - Less `a`.
 * @param events - Any iterable, read once, also a generator; what lies after `asOf` is not looked at.
 * @throws DefinitionError for definitions that do not hold, at `$.a` or `$.b`; for options; `other-definition` where the two
 * have different catalogues; `missing` for a group without a breakdown.
 * @see Shapley (1953), "A Value for n-Person Games".
 * @example
 * explainRetentionDifference(posthog, ours, events, { asOf, offset: 1 })
 * // => { kind: 'parts', difference: { ratio: '3/100', points: '3.0', … }, parts: [{ factor: 'clock', ratio: '1/50', … }, …], … }
 */
export function explainRetentionDifference<A extends EventSpecs, B extends EventSpecs>(
  a: RetentionDefinition<A>,
  b: RetentionDefinition<B>,
  events: Iterable<AnyEvent>,
  options: RetentionDifferenceOptions,
): RetentionDifference {
  const read = readDifference(options)
  const sides = [
    sideOf(a as unknown as RetentionDefinition, read, 'a'),
    sideOf(b as unknown as RetentionDefinition, read, 'b'),
  ] as const
  const mixer = mixerOf(sides, read)
  const known = mixer.factors.length
  const mixes = Array.from({ length: 1 << known }, (_, mask) => mixer.mix(mask))
  const states = statesOf(mixes, events, Math.max(sides[0].window.asOf, sides[1].window.asOf))
  const standings = mixes.map((mix) => standingsOf(mix, states))
  return differenceOf(standings, mixer, states, read.decimals)
}

const windowKeys = ['asOf', 'since', 'until']

const optionKeys = [...windowKeys, 'offset', 'a', 'b', 'group', 'decimals']

function checkShape(value: unknown, keys: readonly string[], path: string, expected: string): void {
  if (!isRecord(value)) throw fault('wrong-type', path, value, expected)
  checkKeys(value, keys, path)
}

function readDifference(options: RetentionDifferenceOptions): ReadDifference {
  checkShape(options, optionKeys, '$', '{ asOf, offset }')
  const { offset, a = {}, b = {}, group, decimals = 1, asOf, since, until } = options
  checkShape(a, windowKeys, '$.a', '{ asOf, since, until }')
  checkShape(b, windowKeys, '$.b', '{ asOf, since, until }')
  const own = isRecord(offset)
  if (own) checkShape(offset, ['a', 'b'], '$.offset', '{ a, b }')
  const [ofA, ofB] = own ? [offset.a, offset.b] : [offset, offset]
  for (const [one, path] of [
    [ofA, own ? '$.offset.a' : '$.offset'],
    [ofB, '$.offset.b'],
  ] as const)
    if (!(Number.isSafeInteger(one) && (one as number) >= 0 && (one as number) < MOST))
      throw fault('out-of-range', path, one, 'a whole number from 0 to 999,999')
  if (!(Number.isInteger(decimals) && decimals >= 0 && decimals <= 6))
    throw fault('out-of-range', '$.decimals', decimals, 'a whole number from 0 to 6')
  if (group !== undefined && group !== null && !['string', 'number', 'boolean'].includes(typeof group))
    throw fault('wrong-type', '$.group', group, 'the value of a field')
  checkInstant(asOf, '$.asOf')
  return {
    window: { asOf, ...(since !== undefined && { since }), ...(until !== undefined && { until }) },
    a,
    b,
    offset: { a: ofA as number, b: ofB as number },
    group,
    decimals,
  }
}

/** More columns are no table. */
const MOST = 1_000_000

function differenceOf(
  standings: readonly Standings[],
  { factors: apart }: Mixer,
  states: States,
  decimals: number,
): RetentionDifference {
  const full = standings.length - 1
  const moved = movesOf(standings, apart, states.names)
  const sides = [standings[0]!, standings[full]!].map(({ total, missing }): RetentionSide => {
    const { eligible, retained } = total
    const rate = missing === undefined ? shareOf(fraction(retained, eligible), decimals) : null
    return { eligible, retained, rate }
  })
  const [a, b] = sides as [RetentionSide, RetentionSide]
  const rates = standings.map(({ total, missing }) =>
    missing === undefined ? fraction(total.retained, total.eligible) : undefined,
  )
  const whole = rates[0] === undefined || rates[full] === undefined ? undefined : minus(rates[full], rates[0])
  // The nearest to `a`: the fewest factors switched, the earlier ones first.
  const gap = rates
    .map((_, mask) => mask)
    .filter((mask) => rates[mask] === undefined)
    .sort((one, other) => bitsOf(one) - bitsOf(other) || one - other)[0]
  if (gap !== undefined) {
    const { missing, fault: refused } = standings[gap]!
    return {
      kind: 'undefined',
      reason: missing!,
      mix: Object.fromEntries(
        apart.map(({ factor }, bit) => [factor, ((gap >> bit) & 1) === 1 ? 'b' : 'a']),
      ) as RetentionMix,
      fault:
        refused === undefined ? null : { code: refused.code, path: refused.path, expected: refused.expected },
      difference: whole === undefined ? null : shareOf(whole, decimals),
      a,
      b,
      moved,
    }
  }
  const values = shapley(rates as readonly Fraction[], apart.length)
  const points = roundedParts(values, whole!, decimals)
  return {
    kind: 'parts',
    difference: shareOf(whole!, decimals),
    parts: apart.map(({ factor, settings }, i) => ({
      factor,
      settings,
      ...shareOf(values[i]!, decimals),
      points: formatMinor(points[i]!, decimals),
    })),
    a,
    b,
    moved,
  }
}

function movesOf(
  standings: readonly Standings[],
  apart: Mixer['factors'],
  names: readonly string[],
): readonly RetentionMove[] {
  const full = standings.length - 1
  // Who stands where by settings that are refused, nobody can say.
  if (standings[0]!.fault !== undefined || standings[full]!.fault !== undefined) return []
  const same = (one: Standings, other: Standings, person: number): boolean =>
    one.cohorts[person] === other.cohorts[person] &&
    one.eligible[person] === other.eligible[person] &&
    one.retained[person] === other.retained[person]
  const standing = ({ cohorts, eligible, retained }: Standings, person: number): RetentionStanding => ({
    cohorts: cohorts[person]!,
    eligible: eligible[person]!,
    retained: retained[person]!,
  })
  const moves: RetentionMove[] = []
  for (const [person, subject] of names.entries()) {
    if (same(standings[0]!, standings[full]!, person)) continue
    const by = apart.flatMap(({ factor }, bit) => {
      for (const [mask, before] of standings.entries()) {
        if (((mask >> bit) & 1) === 1) continue
        const after = standings[mask | (1 << bit)]!
        if (before.fault !== undefined || after.fault !== undefined) continue
        if (!same(before, after, person)) return [factor]
      }
      return []
    })
    moves.push({ subject, a: standing(standings[0]!, person), b: standing(standings[full]!, person), by })
  }
  return moves.sort((one, other) => byUnits(one.subject, other.subject))
}
