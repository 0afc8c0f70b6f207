import { testOf } from './comparison.js'
import { plain } from './digest.js'
import type { Duration } from './duration.js'
import type { Fact, FactContext, FactSet, FactValue, Measure, Scalar, Track } from './fact.js'
import { valueOfNumber } from './field.js'
import { type Instant, lastInstant } from './instant.js'
import { frozen } from './plain.js'

/**
 * What a fact is compared with: a number, decimal text for money, text, true or false, a duration for what takes time,
 * decimal text or a fraction for a share.
 */
export type Operand = Scalar | Duration

/** A condition as data: stored, compared, explained; never a function. */
export type Condition =
  | { readonly condition: 'gte' | 'gt' | 'lte' | 'lt'; readonly fact: Fact; readonly value: Operand }
  | { readonly condition: 'is'; readonly fact: Fact; readonly value: Scalar }
  | { readonly condition: 'in'; readonly fact: Fact; readonly values: readonly Scalar[] }
  /** Both ends included. */
  | { readonly condition: 'between'; readonly fact: Fact; readonly low: Operand; readonly high: Operand }
  | { readonly condition: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly condition: 'not'; readonly of: Condition }
  | { readonly condition: 'some-of'; readonly k: number; readonly of: readonly Condition[] }

/** A condition that compares one fact. */
export type Comparison = Extract<Condition, { readonly fact: Fact }>

/** Whether a condition holds, and why: the numbers read, and the parts of what is joined. */
export interface Verdict {
  readonly condition: Condition
  readonly holds: boolean
  /** It does not hold because nobody knows: a gap in tracking could hide what would decide it. */
  readonly notObserved?: true
  /**
   * What the fact said: money as decimal text, `time-since` as the instant it counts from, lengths in milliseconds,
   * `null` when there is none.
   */
  readonly observed?: FactValue
  readonly parts?: readonly Verdict[]
}

/** The leaves of a verdict that decided it, with the numbers read; ten at most. */
export interface ReasonLeaf {
  readonly condition: Comparison
  readonly holds: boolean
  readonly notObserved?: true
  readonly observed: FactValue
}

const LEAVES = 10

/** Whether a condition holds: no, nobody knows, yes. Of several, all have the least of them, and any the greatest. */
type Truth = 0 | 1 | 2

const NO = 0
const UNKNOWN = 1
const YES = 2

/** A condition, compiled against the tracks of a fact set. */
export interface CompiledCondition {
  readonly condition: Condition
  /** 0 it does not, 1 it is not observed, 2 it does. */
  truth(tracks: readonly Track[], asOf: Instant): Truth
  holds(tracks: readonly Track[], asOf: Instant): boolean
  /** Next instant after `asOf` at which its truth may come to be, or cease to be, `level` or more; 2 unless told. */
  nextStep(tracks: readonly Track[], asOf: Instant, level?: 1 | 2): Instant | undefined
  verdict(tracks: readonly Track[], asOf: Instant): Verdict
}

/** The earlier of two instants, where there is one. */
export const earlier = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a

/** First instant after `asOf` at which the answer changes if no event comes: exact through all combinators. */
export function nextFlip(
  condition: CompiledCondition,
  tracks: readonly Track[],
  asOf: Instant,
): Instant | undefined {
  const now = condition.holds(tracks, asOf)
  let at = condition.nextStep(tracks, asOf)
  while (at !== undefined && condition.holds(tracks, at) === now) at = condition.nextStep(tracks, at)
  return at
}

/** First instant at or after `from` at which it holds if no event comes. */
export const firstHolding = (
  condition: CompiledCondition,
  tracks: readonly Track[],
  from: Instant,
): Instant | undefined => (condition.holds(tracks, from) ? from : nextFlip(condition, tracks, from))

/** The facts a condition reads. */
export function factsOf(condition: Condition): readonly Fact[] {
  if ('fact' in condition) return [condition.fact]
  return partsOf(condition).flatMap(factsOf)
}

/** A condition that joins others, or turns one round. */
type Joining = Exclude<Condition, Comparison>

/** What it joins. */
export const partsOf = (condition: Joining): readonly Condition[] =>
  condition.condition === 'not' ? [condition.of] : condition.of

/** How many of its parts have to hold; of a `not`, none may. */
export function neededOf(condition: Joining): number {
  if (condition.condition === 'not') return 0
  if (condition.condition === 'any') return 1
  return condition.condition === 'some-of' ? condition.k : condition.of.length
}

/** Compiles to closures once; `facts` has to hold every fact that the condition reads. */
export function compileCondition(
  condition: Condition,
  facts: FactSet,
  context: FactContext,
): CompiledCondition {
  if ('fact' in condition) return compileComparison(condition, facts, context)
  const parts = partsOf(condition).map((part) => compileCondition(part, facts, context))
  const { truth, nextStep } =
    condition.condition === 'not' ? negated(parts[0]!) : enoughOf(parts, neededOf(condition))
  return {
    condition,
    truth,
    nextStep,
    holds: (tracks, asOf) => truth(tracks, asOf) === YES,
    verdict: (tracks, asOf) => ({
      condition,
      ...said(truth(tracks, asOf)),
      parts: parts.map((part) => part.verdict(tracks, asOf)),
    }),
  }
}

const said = (truth: Truth): Pick<Verdict, 'holds' | 'notObserved'> =>
  truth === UNKNOWN ? { holds: false, notObserved: true } : { holds: truth === YES }

type Joined = Pick<CompiledCondition, 'truth' | 'nextStep'>

const negated = (part: CompiledCondition): Joined => ({
  truth: (tracks, asOf) => (YES - part.truth(tracks, asOf)) as Truth,
  // It holds where its part does not, and is at least unknown where its part does not hold for sure.
  nextStep: (tracks, asOf, level = YES) => part.nextStep(tracks, asOf, level === YES ? UNKNOWN : YES),
})

function enoughOf(parts: readonly CompiledCondition[], enough: number): Joined {
  return {
    truth(tracks, asOf) {
      let held = 0
      let unknown = 0
      for (let i = 0; i < parts.length; i++) {
        if (held + unknown + parts.length - i < enough) return NO
        const truth = parts[i]!.truth(tracks, asOf)
        if (truth === YES) held += 1
        else if (truth === UNKNOWN) unknown += 1
        if (held >= enough) return YES
      }
      return held + unknown >= enough ? UNKNOWN : NO
    },
    /**
     * Where too few parts hold, so many more have to step; where enough do, all but too few. A birthday that comes
     * every year is not looked at while another part cannot hold.
     */
    nextStep(tracks, asOf, level = YES) {
      const holding = parts.map((part) => part.truth(tracks, asOf) >= level)
      const held = holding.filter((one) => one).length
      const holds = held >= enough
      const needed = holds ? held - enough + 1 : enough - held
      const steps: Instant[] = []
      const moving = parts.filter((_, i) => holding[i] === holds)
      for (let i = 0; i < moving.length; i++) {
        const step = moving[i]!.nextStep(tracks, asOf, level)
        if (step !== undefined) steps.push(step)
        else if (moving.length - (i + 1 - steps.length) < needed) return undefined
      }
      return steps.sort((a, b) => a - b)[needed - 1]
    },
  }
}

function compileComparison(given: Comparison, facts: FactSet, context: FactContext): CompiledCondition {
  // What reasons hold of it never changes, so words for it are found once.
  const condition = frozen(plain(given))
  const { fact } = condition
  const place = facts.place(fact)
  const tracker = facts.trackers[place]!
  const test = testOf(condition, tracker, context)
  const plainly = (track: Track, asOf: Instant): Truth => {
    const value = tracker.value(track, asOf)
    return value !== null && test.holds(value, asOf, track) ? YES : NO
  }
  const truth = (tracks: readonly Track[], asOf: Instant): Truth => {
    const found = plainly(tracks[place]!, asOf)
    const hiding = facts
      .shadows(place, tracks)
      ?.filter(({ shadow: [from, until] }) => from <= asOf && asOf < until)
    if (hiding === undefined || hiding.length === 0) return found
    // Events that nobody saw may still be of no account.
    const track = tracks[place]!
    const value = tracker.value(track, asOf)
    if (test.always !== undefined) {
      // The last one may be any that a gap hid; where its own event was seen, none before that.
      const least = value === null || tracker.eitherWay?.(track) ? hiding.map(({ gap }) => gap.from) : []
      const seen = value === null ? [] : [value as Instant]
      const most = Math.max(...seen, ...hiding.map(({ gap }) => gap.to - 1))
      const answer = test.always(Math.min(...seen, ...least), most, asOf)
      return answer === undefined || (value === null && answer) ? UNKNOWN : answer ? YES : NO
    }
    return value !== null && test.settled?.(value, asOf) ? found : UNKNOWN
  }
  return {
    condition,
    truth,
    holds: (tracks, asOf) => truth(tracks, asOf) === YES,
    nextStep(tracks, asOf) {
      const track = tracks[place]!
      let least: Instant | undefined
      const step = (at: Instant | undefined) => {
        if (at !== undefined && at > asOf && at < Infinity) least = earlier(least, at)
      }
      const shadows = facts.shadows(place, tracks) ?? []
      for (const { shadow } of shadows) for (const at of shadow) step(at)
      if (test.steps) {
        const value = tracker.value(track, asOf)
        if (value !== null) for (const at of test.steps(value as Instant)) step(at)
        // Over gaps it changes where all that they could hide is reached, or the first of it.
        const seen = value === null ? [] : [value as Instant]
        const firsts = [...seen, ...shadows.map(({ gap }) => gap.from)]
        const lasts = [...seen, ...shadows.map(({ gap }) => Math.min(gap.to - 1, lastInstant))]
        if (shadows.length > 0)
          for (const from of firsts)
            for (const to of lasts) for (const at of test.bounds?.(from, to) ?? []) step(at)
      } else if (
        test.intervals === undefined ||
        tracker.crossing === undefined ||
        // Over gaps it matters also whether there is a value at all.
        (shadows.length > 0 && tracker.stays === undefined)
      ) {
        step(tracker.nextStep(track, asOf))
      } else for (const [low, high] of test.intervals) step(tracker.crossing(track, asOf, low, high))
      return least
    },
    verdict(tracks, asOf) {
      const value = tracker.value(tracks[place]!, asOf)
      return { condition, ...said(truth(tracks, asOf)), observed: shownOf(tracker.measure, value) }
    },
  }
}

/** A value as people read it. */
const shownOf = (measure: Measure, value: FactValue): FactValue =>
  measure.type === 'money' && typeof value === 'number' ? valueOfNumber(measure, value) : value

/** The comparisons that made a verdict what it is, ten at most. */
export function leavesOf(verdict: Verdict): readonly ReasonLeaf[] {
  const leaves: ReasonLeaf[] = []
  const walk = (
    { condition, holds, notObserved, observed = null, parts = [] }: Verdict,
    wanted: boolean,
  ): void => {
    if (leaves.length === LEAVES) return
    if ('fact' in condition) leaves.push({ condition, holds, ...(notObserved && { notObserved }), observed })
    const inside = condition.condition === 'not' ? !wanted : wanted
    const deciding = parts.filter((part) => part.holds === inside)
    for (const part of deciding) walk(part, inside)
  }
  walk(verdict, verdict.holds)
  return leaves
}
