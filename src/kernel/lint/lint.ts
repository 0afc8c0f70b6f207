import type { Comparison, Condition } from '../condition.js'
import { checkCondition, checkShape } from '../condition-check.js'
import { COVERAGE } from '../coverage.js'
import { canonical } from '../digest.js'
import { checkDuration, type Duration } from '../duration.js'
import { checkRecord, reading } from '../errors.js'
import type { Fact, FactContext } from '../fact.js'
import { PROFILE } from '../facts/profile.js'
import { operandsIn } from './comparisons.js'
import type { Finding } from './findings.js'
import { Readings } from './knowledge.js'
import { reachesBeyond } from './lengths.js'
import { type Answer, anyOf, type Effort, type Formula, negated, Solver, TRUE } from './solve.js'

/** What is known beside the conditions themselves. */
export interface LintOptions {
  /** How long the host keeps events; facts that reach further back are found. */
  readonly retention?: Duration
  /** The events that somebody sends; facts of others are found. */
  readonly observed?: readonly string[]
  /** What the paths of findings begin with; `$` unless told. */
  readonly path?: string
  /** How much is looked at before `not-decided` is said; about 50 ms of it unless told. */
  readonly effort?: number
}

/** One of several alternatives, of which the first that holds is taken: a rule of a stage, a case of a switch. */
export interface Alternative {
  /** Taken only at such an event; alternatives on different events never compete. */
  readonly on?: string | { readonly event: string; readonly as: string }
  /** Holds always unless told. */
  readonly when?: Condition
  /** Where it leads; two that lead to the same place may overlap. */
  readonly to?: string
}

const EFFORT = 20_000

/**
 * What is strange about a condition: parts that always or never hold, that exclude one another or add nothing; facts
 * that reach further than what is kept, or wait for what nobody sends.
 *
 * What it says never or always to hold is so in every history, short of spans that end after the year 9999; that it says
 * nothing proves nothing. With gaps in tracking, what always holds may be not observed instead.
 *
 * @param condition - As `checkCondition` takes it, but for events that nobody declared.
 * @throws DefinitionError as `checkCondition` does; `invalid-duration` for the retention.
 * @example
 * lintCondition(shop.count('order-paid').lt(0), { ...shop, calendar: undefined })[0]?.code // => 'never-true'
 */
export function lintCondition(
  condition: Condition,
  context: FactContext,
  options: LintOptions = {},
): readonly Finding[] {
  const look = () => judgedCondition(condition, context, options)
  return reading('wrong-type', options?.path ?? '$', condition, 'a condition', look)
}

function judgedCondition(
  condition: Condition,
  context: FactContext,
  options: LintOptions,
): readonly Finding[] {
  const { path = '$' } = options
  checkShape(condition, path, () => {})
  const facts = lintFacts(condition, path, context, options)
  if (facts.some(({ code }) => code === 'undeclared-event')) return facts
  checkCondition(condition, context, path)
  const look = new Look([condition], context, options)
  look.condition(condition, path)
  return [...facts, ...look.found(path)]
}

/**
 * What is strange about alternatives of which the first that holds is taken: each by itself, those that earlier ones
 * always come before, and pairs that may hold at once. A pair is only not said to overlap where that is certain.
 *
 * @throws DefinitionError as `lintCondition` does.
 * @example
 * const often = shop.count('order-paid').gte(3)
 * const ever = shop.count('order-paid').gte(1)
 * lintRules([{ when: ever, to: 'active' }, { when: often, to: 'loyal' }], { ...shop, calendar: undefined })
 * // => [{ code: 'shadowed', path: '$[1]', related: ['$[0]'] }]
 */
export function lintRules(
  alternatives: readonly Alternative[],
  context: FactContext,
  options: LintOptions = {},
): readonly Finding[] {
  const look = () => judgedRules(alternatives, context, options)
  return reading('wrong-type', options?.path ?? '$', alternatives, 'alternatives', look)
}

function judgedRules(
  alternatives: readonly Alternative[],
  context: FactContext,
  options: LintOptions,
): readonly Finding[] {
  const { path = '$' } = options
  const at = (i: number) => `${path}[${i}]`
  for (const [i, alternative] of alternatives.entries()) {
    checkRecord(alternative, at(i))
    if (alternative.when !== undefined) checkShape(alternative.when, `${at(i)}.when`, () => {})
  }
  const found = alternatives.flatMap(({ on, when }, i) => [
    ...(on === undefined ? [] : lintEvent(eventOf(on), `${at(i)}.on`, context, options)),
    ...(when === undefined ? [] : lintFacts(when, `${at(i)}.when`, context, options)),
  ])
  if (found.some(({ code }) => code === 'undeclared-event')) return found
  for (const [i, { when }] of alternatives.entries())
    if (when !== undefined) checkCondition(when, context, `${at(i)}.when`)
  const conditions = alternatives.flatMap(({ when }) => (when === undefined ? [] : [when]))
  const look = new Look(conditions, context, options)
  look.alternatives(alternatives, at)
  return [...found, ...look.found(path)]
}

const eventOf = (on: NonNullable<Alternative['on']>): string => (typeof on === 'string' ? on : on.event)

// — Facts by themselves —

function lintFacts(
  condition: Condition,
  path: string,
  context: FactContext,
  options: LintOptions,
): readonly Finding[] {
  const found: Finding[] = []
  walk(condition, path, (leaf, at) => {
    for (const event of new Set(eventsOf(leaf.fact)))
      found.push(...lintEvent(event, `${at}.fact`, context, options))
    const { retention } = options
    if (retention === undefined) return
    checkDuration(retention, '$.retention')
    if (outlives(leaf, retention, context))
      found.push({ code: 'window-longer-than-retention', path: `${at}.fact`, fact: leaf.fact, retention })
  })
  return found
}

function lintEvent(
  event: string,
  path: string,
  { events }: FactContext,
  { observed }: LintOptions,
): readonly Finding[] {
  if (!Object.hasOwn(events, event)) return [{ code: 'undeclared-event', path, event }]
  // What is tracked is told by whoever tracks.
  if (observed === undefined || observed.includes(event) || event === COVERAGE) return []
  return [{ code: 'unsent-event', path, event }]
}

function walk(condition: Condition, path: string, visit: (leaf: Comparison, path: string) => void): void {
  if ('fact' in condition) visit(condition, path)
  else if (condition.condition === 'not') walk(condition.of, `${path}.of`, visit)
  else for (const [i, part] of condition.of.entries()) walk(part, `${path}.of[${i}]`, visit)
}

/** The events that a fact names. */
function eventsOf(fact: Fact): readonly string[] {
  switch (fact.fact) {
    case 'ratio':
      return [...eventsOf(fact.of), ...eventsOf(fact.to)]
    case 'attribute':
    case 'anniversary':
    case 'age':
      return [PROFILE]
    case 'says':
      return []
    case 'sequence':
      return [...fact.steps.map(({ event }) => event), ...given(fact.since)]
    case 'time-since':
      return [fact.event, ...given(fact.orSince)]
    case 'time-between':
      return [fact.event, fact.until]
    case 'streak':
      return [fact.event]
    default:
      return [fact.event, ...given(fact.since)]
  }
}

const given = (event: string | undefined): readonly string[] => (event === undefined ? [] : [event])

/** Whether what a comparison needs may be older than what is kept. What a profile and other engines say is not events. */
function outlives(leaf: Comparison, retention: Duration, context: FactContext): boolean {
  const { fact } = leaf
  const kept = (own: Fact) => ({
    duration: retention,
    calendar: ('calendar' in own ? own.calendar : undefined) ?? context.calendar,
  })
  const longer = (duration: Duration) => reachesBeyond(duration, kept(fact))
  switch (fact.fact) {
    case 'attribute':
      return fact.ago !== undefined && longer(fact.ago)
    case 'anniversary':
    case 'age':
    case 'says':
      return false
    case 'time-since':
      return operandsIn(leaf).some((operand) => longer(operand as Duration))
    case 'time-between':
      return true
    case 'streak': {
      const most = Math.max(...operandsIn(leaf).map(Number))
      const units = { day: 'days', week: 'weeks', month: 'months' }[fact.unit]
      return longer({ [units]: most + 1 + (fact.freezes ?? 0) } as never)
    }
    case 'ratio':
      return [fact.of, fact.to].some(
        (tally) => tally.within === undefined || reachesBeyond(tally.within, kept(tally)),
      )
    default:
      return fact.within === undefined || reachesBeyond(fact.within, kept(fact))
  }
}

// — Conditions —

/** One look at some conditions, with what is known of their facts. */
class Look {
  private readonly findings: Finding[] = []
  private readonly readings: Readings
  private readonly solver: Solver
  private readonly effort: Effort
  private unsure = false
  /** What is taken as true: the event at which a rule is judged. */
  private given: Formula = TRUE

  constructor(conditions: readonly Condition[], context: FactContext, { effort = EFFORT }: LintOptions) {
    this.effort = { left: Number.isFinite(effort) ? effort : EFFORT }
    this.readings = new Readings(context, conditions)
    this.solver = new Solver(this.readings.knowledge(this.effort), this.effort)
    this.unsure = this.readings.full
  }

  found(path: string): readonly Finding[] {
    return this.unsure ? [...this.findings, { code: 'not-decided', path }] : this.findings
  }

  /** Whether no history makes all of them true; not said where it is not certain. */
  private isImpossible(...formulas: readonly Formula[]): boolean {
    const answer: Answer = this.effort.left < 0 ? 'not-decided' : this.solver.ask(this.given, ...formulas)
    if (answer === 'not-decided') this.unsure = true
    return answer === 'impossible'
  }

  private never = (condition: Condition) => this.isImpossible(this.readings.formula(condition))
  private always = (condition: Condition) => this.isImpossible(negated(this.readings.formula(condition)))

  /** A condition and its parts, from outside: what is said of a whole is not said again of what it follows from. */
  condition(condition: Condition, path: string): void {
    if (this.never(condition)) {
      this.findings.push({ code: 'never-true', path, part: condition })
      this.causes(condition, path, 'all')
    } else if (this.always(condition)) {
      this.findings.push({ code: 'always-true', path, part: condition })
      this.causes(condition, path, 'any')
    } else this.parts(condition, path)
  }

  /** Why something never or always holds: one part does, or several exclude one another. */
  private causes(condition: Condition, path: string, kind: 'all' | 'any'): void {
    if ('fact' in condition || condition.condition !== kind) return
    const before = this.findings.length
    for (const [i, part] of condition.of.entries())
      if (kind === 'all' ? this.never(part) : this.always(part)) this.condition(part, `${path}.of[${i}]`)
    if (kind === 'all' && this.findings.length === before) this.contradictions(condition.of, path)
  }

  private parts(condition: Condition, path: string): void {
    if ('fact' in condition) return
    if (condition.condition === 'not') this.parts(condition.of, `${path}.of`)
    else {
      for (const [i, part] of condition.of.entries()) this.condition(part, `${path}.of[${i}]`)
      this.repeated(condition, path)
    }
  }

  /** Parts that exclude one another: a pair where there is one, else as few as can be. */
  private contradictions(of: readonly Condition[], path: string): void {
    const formulas = of.map((part) => this.readings.formula(part))
    const say = (i: number, rest: readonly number[]) =>
      this.findings.push({
        code: 'contradiction',
        path: `${path}.of[${i}]`,
        related: rest.map((j) => `${path}.of[${j}]`),
        part: of[i]!,
        other: rest.length === 1 ? of[rest[0]!]! : { condition: 'all', of: rest.map((j) => of[j]!) },
      })
    let found = false
    for (const [i, one] of formulas.entries())
      for (let j = i + 1; j < formulas.length; j++)
        if (this.isImpossible(one, formulas[j]!)) {
          say(i, [j])
          found = true
        }
    if (found || of.length < 3) return
    let needed = of.map((_, i) => i)
    for (const [i] of of.entries()) {
      const fewer = needed.filter((j) => j !== i)
      if (this.isImpossible(...fewer.map((j) => formulas[j]!))) needed = fewer
    }
    const [first, ...rest] = needed
    if (first !== undefined && rest.length > 0) say(first, rest)
  }

  /** Parts that add nothing to another. */
  private repeated(condition: Extract<Condition, { readonly of: readonly Condition[] }>, path: string): void {
    const { of } = condition
    const formulas = of.map((part) => this.readings.formula(part))
    const follows = (i: number, j: number) => this.isImpossible(formulas[i]!, negated(formulas[j]!))
    const told = new Set<number>()
    for (let j = 1; j < of.length; j++)
      for (let i = 0; i < j; i++) {
        if (told.has(i) || told.has(j) || this.effort.left < 0) continue
        const forth = follows(i, j)
        const back = follows(j, i)
        if (!forth && !back) continue
        if (condition.condition === 'some-of' && !(forth && back)) continue
        // Of parts that are all needed the weaker one is idle, of those of which one is enough the stronger.
        const idle = forth && back ? j : forth === (condition.condition === 'all') ? j : i
        const other = idle === j ? i : j
        told.add(idle)
        this.findings.push({
          code: forth && back ? 'duplicate' : 'implied',
          path: `${path}.of[${idle}]`,
          related: [`${path}.of[${other}]`],
          part: of[idle]!,
          other: of[other]!,
        })
      }
  }

  /** Alternatives of which the first that holds is taken. */
  alternatives(alternatives: readonly Alternative[], at: (i: number) => string): void {
    const formulas = alternatives.map(({ when }) => (when === undefined ? TRUE : this.readings.formula(when)))
    for (const [i, alternative] of alternatives.entries()) {
      const { on, when, to } = alternative
      this.given = on === undefined ? TRUE : this.readings.justHappened(...heard(on))
      if (when !== undefined) {
        const before = this.findings.length
        this.condition(when, `${at(i)}.when`)
        // What never holds competes with nothing.
        if (
          this.findings
            .slice(before)
            .some(({ code, path }) => code === 'never-true' && path === `${at(i)}.when`)
        )
          continue
      }
      const rivals = alternatives.flatMap((other, j) => (j < i && compete(alternative, other) ? [j] : []))
      // What comes at any moment is there before what waits for an event; not the other way round.
      const before = rivals.filter((j) => {
        const { on: other } = alternatives[j]!
        return other === undefined || isHeard(other, on)
      })
      const single = before.find((j) => this.isImpossible(formulas[i]!, negated(formulas[j]!)))
      const shadowing =
        single !== undefined
          ? [single]
          : before.length > 1 &&
              this.isImpossible(formulas[i]!, negated(anyOf(...before.map((j) => formulas[j]!))))
            ? before
            : []
      if (shadowing.length > 0) {
        this.findings.push({ code: 'shadowed', path: at(i), related: shadowing.map(at) })
        continue
      }
      for (const j of rivals) {
        const other = alternatives[j]!
        if (to !== undefined && other.to === to) continue
        if (!this.isImpossible(formulas[i]!, formulas[j]!) && this.effort.left >= 0)
          this.findings.push({ code: 'overlapping', path: at(j), related: [at(i)] })
      }
    }
    this.given = TRUE
  }
}

const heard = (on: NonNullable<Alternative['on']>): readonly [event: string, as: string | undefined] =>
  typeof on === 'string' ? [on, undefined] : [on.event, on.as]

const isHeard = (a: Alternative['on'], b: Alternative['on']): boolean =>
  a !== undefined && b !== undefined && canonical(heard(a).join('\n')) === canonical(heard(b).join('\n'))

/** Whether both may be asked at one moment. */
const compete = (a: Alternative, b: Alternative): boolean =>
  a.on === undefined || b.on === undefined || isHeard(a.on, b.on)
