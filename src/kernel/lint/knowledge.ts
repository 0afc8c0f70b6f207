import type { CalendarDefinition } from '../calendar.js'
import type { Comparison, Condition, Operand } from '../condition.js'
import { minorDigits } from '../currency.js'
import { canonical } from '../digest.js'
import { type Duration, exactLength } from '../duration.js'
import {
  type Fact,
  type FactContext,
  type FactScope,
  type FactWindow,
  type Measure,
  measureOf,
  type Scalar,
  type Tally,
} from '../fact.js'
import { PROFILE, profileOf } from '../facts/profile.js'
import type { Field, Fields } from '../field.js'
import type { Where } from '../filter.js'
import { parseRatio } from '../rational.js'
import { spanOf, unitOf } from '../window.js'
import { Numbering } from './filters.js'
import {
  isInLastTwo,
  isInside,
  isNoLonger,
  isOverBefore,
  isShorter,
  isSteady,
  type Length,
  lastsAtLeast,
  reachOf,
  takesNone,
  takesTime,
  unitsLast,
} from './lengths.js'
import {
  areAtMost,
  areDifferent,
  areSame,
  areSameWhen,
  follows,
  isAtLeast,
  isAtMost,
  isAtMostAll,
  needs,
  oneOf,
} from './relations.js'
import {
  allOf,
  type Effort,
  type Formula,
  isAmong,
  type Knowledge,
  negated,
  type Relation,
  TRUE,
  type Trial,
} from './solve.js'
import {
  COUNTS,
  highest,
  howMany,
  isEmpty,
  lowest,
  NOTHING,
  orNothing,
  others,
  points,
  SOME,
  SOMETHING,
  type Values,
  values,
  within,
  ZERO,
} from './values.js'

/** Of which events a fact speaks. */
interface Scope {
  readonly event: string
  readonly where: Where
  readonly as: string | undefined
  readonly since: string | undefined
  readonly within: FactWindow['within']
  readonly calendar: CalendarDefinition | undefined
  /** Whether no event can be in it. */
  readonly empty: boolean
  readonly fields: Fields
  /** The unknown that counts them. */
  readonly count: number
}

type Kind<K extends Fact['fact']> = Extract<Fact, { readonly fact: K }>
type FieldFact = Kind<'min' | 'max' | 'first' | 'last' | 'distinct'>

/** A moment of an elapsed time at which a comparison turns. */
interface Mark {
  readonly length: Length
  /** Whether it turns a millisecond later. */
  readonly strict: boolean
  readonly unknown: number
}
interface Elapsed {
  readonly fact: Kind<'time-since'>
  /** Says something where there is anything to count from. */
  readonly unknown: number
  /** All that ever happened of it. */
  readonly scope: Scope
  readonly marks: Map<string, Mark>
}

/** Scopes of one event that are compared with one another; what comes after them is only looked at by itself. */
const RELATED = 40
/** How much is known of all facts together. */
const RELATIONS = 4000
const YES: Values = values([1, 1])
const NO: Values = values([0, 0])
const NOT_ZERO: Values = others(orNothing(ZERO))

/** Turns conditions into formulas over what facts may say, and knows what holds of these facts in every history. */
export class Readings {
  /** Whether more is known than is looked at. */
  full = false
  private readonly start: Values[] = []
  private readonly relations: Relation[] = []
  private readonly numbering = new Numbering()
  private readonly scopes = new Map<string, Scope>()
  private readonly facts = new Map<string, number>()
  private readonly elapsed = new Map<string, Elapsed>()
  private readonly shares = new Map<string, readonly Share[]>()
  private readonly formulas = new Map<Condition, Formula>()
  /** Facts of a field, by scope, kind and field. */
  private readonly ofFields: { readonly scope: Scope; readonly fact: FieldFact; readonly unknown: number }[] =
    []
  private readonly sums: { readonly scope: Scope; readonly fact: Tally; readonly unknown: number }[] = []
  private readonly sessions: {
    readonly scope: Scope
    readonly fact: Kind<'sessions' | 'session-time'>
    readonly unknown: number
  }[] = []
  private readonly streaks: {
    readonly scope: Scope
    readonly fact: Kind<'streak'>
    readonly unknown: number
  }[] = []
  private readonly sequences: { readonly fact: Kind<'sequence'>; readonly unknown: number }[] = []

  constructor(
    private readonly context: FactContext,
    conditions: readonly Condition[],
  ) {
    // Shares are compared with all that they are compared with anywhere.
    const shares = new Map<string, Share[]>()
    for (const condition of conditions)
      for (const leaf of comparisonsIn(condition)) {
        if (leaf.fact.fact !== 'ratio') continue
        const key = canonical(leaf.fact)
        const known = shares.get(key) ?? [
          [0n, 1n],
          [1n, 1n],
        ]
        shares.set(key, [...known, ...operandsIn(leaf).map(shareFrom)])
      }
    for (const [key, all] of shares) this.shares.set(key, inOrder(all))
    for (const condition of conditions) this.formula(condition)
  }

  /** What a condition says of the unknowns. */
  formula(condition: Condition): Formula {
    const known = this.formulas.get(condition)
    if (known !== undefined) return known
    const made = this.made(condition)
    this.formulas.set(condition, made)
    return made
  }

  private made(condition: Condition): Formula {
    if ('fact' in condition) return this.compared(condition)
    if (condition.condition === 'not') return negated(this.formula(condition.of))
    const of = condition.of.map((part) => this.formula(part))
    return condition.condition === 'some-of'
      ? { least: condition.k, of }
      : { least: condition.condition === 'any' ? 1 : of.length, of }
  }

  /** That an event has just happened to the subject, in a role. */
  justHappened(event: string, as: string | undefined): Formula {
    const of: Formula[] = []
    for (const scope of [...this.scopes.values()]) {
      if (scope.event !== event || scope.as !== as || scope.since !== undefined) continue
      if (Object.keys(scope.where).length > 0) continue
      const unit = unitOf(scope.within)
      const span = spanOf(scope.within)
      const counts =
        scope.within === undefined ||
        unit?.back === 0 ||
        (span !== undefined && takesTime({ duration: span, calendar: scope.calendar }))
      if (counts) of.push(isAmong(scope.count, SOME))
    }
    return of.length === 0 ? TRUE : allOf(...of)
  }

  /** Everything that is known; asked once all conditions were given. */
  knowledge(effort: Effort): Knowledge {
    this.relateScopes(effort)
    this.relateFields()
    this.relateSessions()
    this.relateStreaks()
    this.relateSequences()
    this.relateElapsed()
    return { start: this.start, relations: this.relations }
  }

  private add(held: Values): number {
    return this.start.push(held) - 1
  }

  private know(...relations: readonly Relation[]): void {
    for (const relation of relations) {
      if (this.relations.length < RELATIONS) this.relations.push(relation)
      else this.full = true
    }
  }

  // — Comparisons —

  private compared(leaf: Comparison): Formula {
    const { fact } = leaf
    if (fact.fact === 'time-since') return this.comparedTime(leaf, fact)
    const unknown = this.unknown(fact)
    if (fact.fact === 'ratio') return isAmong(unknown, amongShares(leaf, this.shares.get(canonical(fact))!))
    const measure = measureOf(fact, this.context)
    return isAmong(unknown, this.among(leaf, measure))
  }

  private among(leaf: Comparison, measure: Measure): Values {
    const number = (operand: Operand): number =>
      measure.type === 'span'
        ? exactLength(operand as Duration)!
        : this.numbering.of(measure as Field, operand as Scalar)
    const span = (low: number, high: number) => (low <= high ? values([low, high]) : values())
    switch (leaf.condition) {
      case 'gte':
        return span(number(leaf.value), Infinity)
      case 'gt':
        return span(number(leaf.value) + 1, Infinity)
      case 'lte':
        return span(-Infinity, number(leaf.value))
      case 'lt':
        return span(-Infinity, number(leaf.value) - 1)
      case 'between':
        return span(number(leaf.low), number(leaf.high))
      case 'is':
        return points([number(leaf.value)])
      case 'in':
        return points(leaf.values.map(number))
    }
  }

  private comparedTime(leaf: Comparison, fact: Kind<'time-since'>): Formula {
    const elapsed = this.elapsedOf(fact)
    const says = isAmong(elapsed.unknown, SOMETHING)
    const reached = (operand: Operand, strict: boolean) =>
      isAmong(this.mark(elapsed, operand as Duration, strict), YES)
    const before = (operand: Operand, strict: boolean) =>
      isAmong(this.mark(elapsed, operand as Duration, strict), NO)
    switch (leaf.condition) {
      case 'gte':
      case 'gt':
        return allOf(says, reached(leaf.value, leaf.condition === 'gt'))
      case 'lt':
      case 'lte':
        return allOf(says, before(leaf.value, leaf.condition === 'lte'))
      case 'between':
        return allOf(says, reached(leaf.low, false), before(leaf.high, true))
      default:
        return TRUE
    }
  }

  private mark({ fact, marks }: Elapsed, duration: Duration, strict: boolean): number {
    const key = `${strict}${canonical(duration)}`
    const known = marks.get(key)
    if (known !== undefined) return known.unknown
    const length = { duration, calendar: this.calendarOf(fact, duration) }
    const unknown = this.add(!strict && takesNone(length) ? YES : values([0, 1]))
    marks.set(key, { length, strict, unknown })
    return unknown
  }

  // — Facts —

  private calendarOf(
    fact: { readonly calendar?: CalendarDefinition },
    duration?: Duration,
  ): CalendarDefinition | undefined {
    if (duration !== undefined && exactLength(duration) !== undefined) return undefined
    return fact.calendar ?? this.context.calendar
  }

  /** The unknown that stands for what a fact says. */
  private unknown(fact: Fact): number {
    const key = canonical(fact)
    const known = this.facts.get(key)
    if (known !== undefined) return known
    const unknown = this.unknownOf(fact)
    this.facts.set(key, unknown)
    return unknown
  }

  private unknownOf(fact: Fact): number {
    switch (fact.fact) {
      case 'count':
      case 'sum':
        return this.tally(fact)
      case 'min':
      case 'max':
      case 'first':
      case 'last':
      case 'distinct':
        return this.ofField(fact)
      case 'sessions':
      case 'session-time':
        return this.session(fact)
      case 'time-between':
        return this.wait(fact)
      case 'streak': {
        const scope = this.scope({ ...fact, event: fact.event })
        const unknown = this.add(scope.empty ? ZERO : COUNTS)
        this.streaks.push({ scope, fact, unknown })
        return unknown
      }
      case 'sequence':
        return this.sequence(fact)
      case 'ratio':
        return this.ratio(fact)
      case 'attribute':
      case 'anniversary':
      case 'age':
        return this.profile(fact)
      case 'says': {
        const measure = measureOf(fact, this.context) as Field
        if (measure.initially !== undefined) return this.add(SOMETHING)
        return this.add(orNothing(this.saidIn(fact)))
      }
      case 'time-since':
        return this.elapsedOf(fact).unknown
    }
  }

  /** The events of a fact, and the unknown that counts them. */
  private scope(fact: FactScope & FactWindow, window: FactWindow = fact): Scope {
    const { event, where = {}, as } = fact
    const { within: span, since } = window
    const calendar = span === undefined ? undefined : this.calendarOf(fact, spanOf(span))
    const key = canonical({ event, where, as, span, since, calendar })
    const known = this.scopes.get(key)
    if (known !== undefined) return known
    const fields = this.context.events[event]!
    const empty = this.numbering.lettingNone(fields, where)
    const held = empty ? ZERO : COUNTS
    const count = this.add(since === undefined ? held : orNothing(held))
    const scope: Scope = { event, where, as, since, within: span, calendar, empty, fields, count }
    this.scopes.set(key, scope)
    if (since !== undefined) {
      const opener = this.ever(since, as)
      this.know(follows(count, NOTHING, opener.count, ZERO), follows(opener.count, ZERO, count, NOTHING))
    }
    // What is in a window happened.
    if (span !== undefined || since !== undefined) this.scope(fact, {})
    return scope
  }

  /** All events of a name in a role. */
  private ever = (event: string, as: string | undefined, where?: Where): Scope =>
    this.scope({ event, ...(as !== undefined && { as }), ...(where && { where }) })

  /** Whether every event of a scope has a field; and what it may say in them. */
  private fieldIn(
    { fields, where }: Scope,
    name: string,
  ): { readonly held: Values; readonly always: boolean } {
    const passing = this.numbering.passing(fields, name, where)
    return { held: { ...passing, none: false }, always: !passing.none }
  }

  private tally(fact: Tally): number {
    const scope = this.scope(fact)
    if (fact.fact === 'count' && fact.per === undefined) return scope.count
    const opened = (held: Values) => (scope.since === undefined ? held : orNothing(held))
    const { per } = fact
    if (fact.fact === 'count') {
      const unknown = this.add(opened(scope.empty ? ZERO : COUNTS))
      this.sums.push({ scope, fact, unknown })
      this.know(isAtMost(unknown, scope.count))
      this.togetherWith(scope, unknown)
      const { held, always } = this.fieldIn(scope, per!)
      if (always) {
        this.know(follows(scope.count, SOME, unknown, SOME))
        // Of so many values, one has at least its share.
        const most = howMany(held)
        if (most >= 1 && most < 1000) this.know(isAtLeast(unknown, scope.count, most, 0))
      }
      return unknown
    }
    const field = scope.fields[fact.field]!
    const { held, always } = this.fieldIn(scope, fact.field)
    const range = this.numbering.valuesOf(field)
    const low = per !== undefined || isEmpty(held) || lowest(held) >= 0 ? 0 : lowest(range)
    const high = isEmpty(held) || highest(held) <= 0 ? 0 : highest(range)
    const unknown = this.add(opened(scope.empty ? ZERO : values([low, high])))
    this.sums.push({ scope, fact, unknown })
    this.togetherWith(scope, unknown)
    this.know(follows(scope.count, ZERO, unknown, ZERO))
    // Where every event adds at least one, or takes one away, many events show in the sum.
    if (always && per === undefined && !isEmpty(held)) {
      if (lowest(held) > 0 && lowest(held) < 1e9) this.know(isAtMost(scope.count, unknown, lowest(held)))
      if (highest(held) > 0 && highest(held) < 1e9)
        this.know(isAtLeast(scope.count, unknown, highest(held), 0))
      if (highest(held) < 0)
        this.know(follows(scope.count, SOME, unknown, values([-Infinity, highest(held)])))
    }
    return unknown
  }

  /** A fact that says nothing exactly when its window was never opened. */
  private togetherWith(scope: Scope, unknown: number): void {
    if (scope.since === undefined) return
    this.know(
      follows(scope.count, NOTHING, unknown, NOTHING),
      follows(unknown, NOTHING, scope.count, NOTHING),
    )
  }

  private ofField(fact: FieldFact): number {
    const scope = this.scope(fact)
    const { held, always } = this.fieldIn(scope, fact.field)
    if (fact.fact === 'distinct') {
      const most = Math.min(howMany(held), highest(COUNTS))
      const range = scope.empty || most === 0 ? ZERO : values([0, most])
      const unknown = this.add(scope.since === undefined ? range : orNothing(range))
      this.know(isAtMost(unknown, scope.count))
      this.togetherWith(scope, unknown)
      if (always) this.know(follows(scope.count, SOME, unknown, SOME))
      this.ofFields.push({ scope, fact, unknown })
      return unknown
    }
    const unknown = this.add(scope.empty || isEmpty(held) ? NOTHING : orNothing(held))
    this.know(needs(unknown, scope.count, SOME))
    if (always) this.know(follows(scope.count, SOME, unknown, SOMETHING))
    this.ofFields.push({ scope, fact, unknown })
    return unknown
  }

  private session(fact: Kind<'sessions' | 'session-time'>): number {
    const scope = this.scope(fact)
    const range = scope.empty ? ZERO : COUNTS
    const unknown = this.add(scope.since === undefined ? range : orNothing(range))
    this.togetherWith(scope, unknown)
    this.sessions.push({ scope, fact, unknown })
    if (fact.fact === 'sessions') {
      this.know(isAtMost(unknown, scope.count))
      const span = spanOf(scope.within)
      // A later event leaves no earlier, so that of events in the window the last one is there too.
      if (span === undefined || isSteady({ duration: span, calendar: scope.calendar }))
        this.know(follows(scope.count, SOME, unknown, SOME))
    } else {
      const sessions = this.unknown({ ...fact, fact: 'sessions' } as Fact)
      this.know(follows(unknown, SOME, sessions, SOME))
    }
    return unknown
  }

  private wait(fact: Kind<'time-between'>): number {
    const { event, where, as, until, untilWhere } = fact
    const begins = this.ever(event, as, where)
    const ends = this.ever(until, as, untilWhere)
    const unknown = this.add(begins.empty || ends.empty ? NOTHING : orNothing(COUNTS))
    this.know(needs(unknown, begins.count, SOME), needs(unknown, ends.count, SOME))
    return unknown
  }

  private sequence(fact: Kind<'sequence'>): number {
    const { steps, as, since, within: span } = fact
    const calendar = fact.calendar && { calendar: fact.calendar }
    const scopes = steps.map((step, i) =>
      this.scope(
        { ...step, ...(as !== undefined && { as }), ...calendar },
        {
          ...(since !== undefined && { since }),
          // What rolls, rolls for the last step; a unit has all of them in it.
          ...(span && (i === steps.length - 1 || unitOf(span)) && { within: span }),
        },
      ),
    )
    const range = scopes.some(({ empty }) => empty) ? ZERO : COUNTS
    const unknown = this.add(since === undefined ? range : orNothing(range))
    for (const scope of scopes) this.know(isAtMost(unknown, scope.count))
    this.togetherWith(scopes[0]!, unknown)
    // Each time takes as many events as there are steps alike.
    if (since === undefined)
      for (const { event, where } of steps) {
        const alike = steps.filter((step) => step.event === event && isEqual(step.where, where)).length
        if (alike > 1) this.know(isAtMost(unknown, this.ever(event, as, where).count, alike))
      }
    if (steps.length === 1 && fact.inside === undefined) this.know(areSame(unknown, scopes[0]!.count))
    this.sequences.push({ fact, unknown })
    return unknown
  }

  private ratio(fact: Kind<'ratio'>): number {
    const shares = this.shares.get(canonical(fact))!
    const of = this.unknown(fact.of)
    const to = this.unknown(fact.to)
    const unknown = this.add(orNothing(values([0, 2 * shares.length])))
    this.know(
      needs(unknown, of, SOMETHING),
      needs(unknown, to, NOT_ZERO),
      oneOf([of, NOTHING], [to, orNothing(ZERO)], [unknown, SOMETHING]),
    )
    const zero = rankOf(shares, [0n, 1n])
    const one = rankOf(shares, [1n, 1n])
    if (lowest(this.start[of]!) < 0 || lowest(this.start[to]!) < 0) return unknown
    this.know(
      follows(unknown, SOMETHING, unknown, values([zero, Infinity])),
      follows(unknown, values([zero + 1, Infinity]), of, SOME),
      oneOf([of, others(ZERO)], [unknown, orNothing(values([zero, zero]))]),
      between(shares, this.scaleOf(fact), unknown, of, to),
    )
    const scopes = [fact.of, fact.to].map((tally) => this.scope(tally))
    if (fact.of.fact === 'count' && fact.to.fact === 'count' && fact.to.per === undefined) {
      if (this.isPart(scopes[0]!, scopes[1]!))
        this.know(follows(unknown, SOMETHING, unknown, values([-Infinity, one])))
    }
    return unknown
  }

  /** How many units of what is divided make one of a share. */
  private scaleOf(fact: Kind<'ratio'>): bigint {
    const measure = measureOf(fact, this.context)
    const currency = measure.type === 'ratio' ? measure.currency : undefined
    return currency === undefined ? 1n : BigInt(`1${'0'.repeat(minorDigits(currency))}`)
  }

  private profile(fact: Kind<'attribute' | 'anniversary' | 'age'>): number {
    const field = profileOf(this.context.events)[fact.attribute]!
    const plain = fact.fact === 'attribute' && fact.ago === undefined && fact.previous === undefined
    const said = { ...this.numbering.valuesOf(field), none: true }
    if (plain) {
      const unknown = this.add(said)
      this.know(needs(unknown, this.ever(PROFILE, undefined).count, SOME))
      return unknown
    }
    const now = this.unknown({ fact: 'attribute', attribute: fact.attribute })
    const unknown = this.add(
      fact.fact === 'attribute' ? said : orNothing(fact.fact === 'age' ? COUNTS : values([0, 1])),
    )
    this.know(needs(unknown, now, SOMETHING))
    if (fact.fact === 'anniversary') this.know(needs(now, unknown, SOMETHING))
    if (fact.fact === 'attribute' && fact.previous) this.know(areDifferent(unknown, now))
    if (fact.fact === 'age') this.relateAges(fact, unknown)
    return unknown
  }

  /** What an engine's events may say in the fields that are marked for a word. */
  private saidIn({ engine, word }: Kind<'says'>): Values {
    const marked = Object.entries(this.context.events)
      .filter(([event]) => event.startsWith(`${engine}/`))
      .flatMap(([, fields]) => Object.values(fields).filter(({ says }) => says === word))
    const held = marked.map((field) => this.numbering.valuesOf(field))
    return held.length === 1 ? held[0]! : SOMETHING
  }

  private readonly ages: { readonly fact: Kind<'age'>; readonly unknown: number }[] = []

  private relateAges(fact: Kind<'age'>, unknown: number): void {
    for (const other of this.ages) {
      if (other.fact.attribute !== fact.attribute) continue
      if (!isEqual(other.fact.calendar, fact.calendar)) continue
      // Both are known as soon as the moment has come.
      this.know(
        follows(unknown, NOTHING, other.unknown, NOTHING),
        follows(other.unknown, NOTHING, unknown, NOTHING),
      )
      for (const [a, b] of [
        [{ fact, unknown }, other],
        [other, { fact, unknown }],
      ] as const) {
        const [least, most] = inUnits[`${a.fact.unit} ${b.fact.unit}`] ?? []
        if (least !== undefined) this.know(isAtMost(a.unknown, b.unknown, least))
        if (most !== undefined) this.know(isAtLeast(a.unknown, b.unknown, most, most - 1))
      }
    }
    this.ages.push({ fact, unknown })
  }

  private elapsedOf(fact: Kind<'time-since'>): Elapsed {
    const key = canonical(fact)
    const known = this.elapsed.get(key)
    if (known !== undefined) return known
    const { event, where, as, orSince } = fact
    const scope = this.ever(event, as, where)
    const unknown = this.add(orNothing(ZERO))
    const elapsed: Elapsed = { fact, unknown, scope, marks: new Map() }
    this.elapsed.set(key, elapsed)
    this.know(follows(scope.count, SOME, unknown, SOMETHING))
    if (orSince === undefined) this.know(needs(unknown, scope.count, SOME))
    else {
      const anchor = this.ever(orSince, as)
      this.know(
        follows(anchor.count, SOME, unknown, SOMETHING),
        oneOf([scope.count, SOME], [anchor.count, SOME], [unknown, NOTHING]),
      )
    }
    return elapsed
  }

  // — What hangs together —

  /** Whether every event of one scope is one of another. */
  private isPart(a: Scope, b: Scope): boolean {
    if (a.event !== b.event || a.as !== b.as) return false
    if (b.since !== undefined && a.since !== b.since) return false
    return (
      isInside({ window: a.within, calendar: a.calendar }, { window: b.within, calendar: b.calendar }) &&
      this.numbering.implies(a.fields, a.where, b.where)
    )
  }

  private readonly parts = new Map<Scope, Scope[]>()

  private relateScopes(effort: Effort): void {
    const byEvent = new Map<string, Scope[]>()
    for (const scope of this.scopes.values()) {
      const key = canonical([scope.event, scope.as ?? null])
      const group = byEvent.get(key) ?? []
      if (group.length < RELATED) group.push(scope)
      byEvent.set(key, group)
    }
    for (const group of byEvent.values())
      for (const whole of group) {
        const parts = group.filter((scope) => scope !== whole && this.isPart(scope, whole))
        effort.left -= group.length
        this.parts.set(whole, parts)
        for (const part of parts) this.know(isAtMost(part.count, whole.count))
        this.relateShares(whole, parts)
        this.relateUnits(whole, group)
      }
  }

  /** What happened in a unit's time happened in the one that runs or in the one before. */
  private relateUnits(running: Scope, group: readonly Scope[]): void {
    const unit = unitOf(running.within)
    if (unit === undefined || unit.back !== 0 || running.since !== undefined) return
    const { calendar } = running
    const before = group.find(
      (scope) =>
        isEqual(scope.within, { previous: unit.unit }) &&
        isEqual(scope.calendar, calendar) &&
        isEqual(scope.where, running.where) &&
        scope.since === undefined,
    )
    if (before === undefined) return
    for (const scope of group) {
      if (!isInLastTwo({ window: scope.within, calendar: scope.calendar }, unit.unit, calendar)) continue
      if (this.numbering.implies(scope.fields, scope.where, running.where))
        this.know(isAtMostAll(scope.count, [running.count, before.count]))
    }
  }

  /** Parts that no event shares, by one field. */
  private relateShares(whole: Scope, parts: readonly Scope[]): void {
    if (parts.length < 2 || whole.since !== undefined) return
    const names = new Set(parts.flatMap(({ where }) => Object.keys(where)))
    for (const name of names) {
      const chosen: Scope[] = []
      for (const part of parts) {
        if (part.since !== undefined || !Object.hasOwn(part.where, name)) continue
        if (chosen.every((other) => this.numbering.exclude(part.fields, part.where, other.where)))
          chosen.push(part)
      }
      if (chosen.length < 2) continue
      this.know(
        areAtMost(
          chosen.map(({ count }) => count),
          whole.count,
        ),
      )
      // Together they are the whole where they leave out none of its events.
      const held = this.numbering.passing(whole.fields, name, whole.where)
      const covering = chosen.filter(
        (part) =>
          isEqual(part.within, whole.within) &&
          isEqual(part.calendar, whole.calendar) &&
          this.numbering.implies(part.fields, { ...whole.where, [name]: part.where[name]! }, part.where),
      )
      const covered = covering.flatMap((part) => [
        ...this.numbering.passing(part.fields, name, { ...whole.where, [name]: part.where[name]! }).spans,
      ])
      const all = covered
        .sort((a, b) => a[0] - b[0])
        .reduce<(readonly [number, number])[]>((joined, span) => {
          const last = joined[joined.length - 1]
          if (last !== undefined && span[0] <= last[1] + 1)
            joined[joined.length - 1] = [last[0], Math.max(last[1], span[1])]
          else joined.push(span)
          return joined
        }, [])
      const none = covering.some(
        (part) =>
          this.numbering.passing(part.fields, name, { ...whole.where, [name]: part.where[name]! }).none,
      )
      if (within(held, { none, spans: all }))
        this.know(
          isAtMostAll(
            whole.count,
            covering.map(({ count }) => count),
          ),
        )
    }
  }

  private isPartOrSame = (a: Scope, b: Scope): boolean => a === b || this.parts.get(b)?.includes(a) === true

  /** Who says one of the values that a filter lets pass is counted by those who filter so; and the other way round. */
  private relateFilters({ scope, fact, unknown }: Readings['ofFields'][number]): void {
    const { field } = fact
    if (fact.fact === 'distinct') return
    for (const other of this.scopes.values()) {
      if (other === scope || !Object.hasOwn(other.where, field)) continue
      const { [field]: _, ...rest } = other.where
      const passing = { ...this.numbering.passing(other.fields, field, other.where), none: false }
      if (this.isPart(scope, { ...other, where: rest }) && !isEmpty(passing))
        this.know(follows(unknown, passing, other.count, SOME))
      if (!this.isPartOrSame(other, scope) || isEmpty(passing)) continue
      if (this.numbering.passing(other.fields, field, other.where).none) continue
      if (fact.fact === 'max')
        this.know(follows(other.count, SOME, unknown, values([lowest(passing), Infinity])))
      if (fact.fact === 'min')
        this.know(follows(other.count, SOME, unknown, values([-Infinity, highest(passing)])))
    }
  }

  private relateFields(): void {
    for (const one of this.ofFields.slice(0, RELATED)) if (!this.full) this.relateFilters(one)
    const limited = this.ofFields.slice(0, 2 * RELATED)
    for (const a of limited)
      for (const b of limited) {
        if (a === b || a.fact.field !== b.fact.field || a.scope.event !== b.scope.event) continue
        if (a.scope === b.scope) this.relateInScope(a, b)
        else this.relateAcross(a, b)
      }
    // Whoever counts and sums the same once knows both.
    for (const { scope, fact, unknown } of this.sums.slice(0, 2 * RELATED)) {
      for (const other of this.sums.slice(0, 2 * RELATED)) {
        if (other.fact.fact !== fact.fact || other.unknown === unknown) continue
        if (fact.fact === 'sum' && other.fact.fact === 'sum' && fact.field !== other.fact.field) continue
        if (!this.isPartOrSame(scope, other.scope)) continue
        const rising =
          fact.fact === 'count' || lowest(this.fieldIn(other.scope, (fact as Kind<'sum'>).field).held) >= 0
        if (!rising) continue
        if (other.fact.per === undefined || other.fact.per === fact.per)
          this.know(isAtMost(unknown, other.unknown))
      }
    }
  }

  private relateInScope(a: Readings['ofFields'][number], b: Readings['ofFields'][number]): void {
    const [one, other] = [a.fact.fact, b.fact.fact]
    const { scope } = a
    const field = scope.fields[a.fact.field]!
    const ordered = field.type === 'integer' || field.type === 'money' || field.type === 'instant'
    if (one === 'distinct') {
      this.know(areOneWhenDistinct(a.unknown, this.ofFields, scope, a.fact.field))
      if (other !== 'distinct') this.know(needs(b.unknown, a.unknown, SOME))
      return
    }
    if (other === 'distinct') {
      if (one === 'min' || one === 'max') this.know(follows(b.unknown, SOME, a.unknown, SOMETHING))
      return
    }
    if (a.unknown < b.unknown) this.know(areSameWhen(scope.count, points([0, 1]), a.unknown, b.unknown, true))
    if (!ordered) return
    if (one === 'min') this.know(isAtMost(a.unknown, b.unknown))
    if (other === 'max') this.know(isAtMost(a.unknown, b.unknown))
    if (other === 'min' || other === 'max') this.know(needs(a.unknown, b.unknown, SOMETHING))
  }

  private relateAcross(a: Readings['ofFields'][number], b: Readings['ofFields'][number]): void {
    const [one, other] = [a.fact.fact, b.fact.fact]
    if (this.isPartOrSame(a.scope, b.scope)) {
      if (one === 'distinct' && other === 'distinct') this.know(isAtMost(a.unknown, b.unknown))
      if (one !== 'distinct' && (other === 'min' || other === 'max')) {
        this.know(needs(a.unknown, b.unknown, SOMETHING))
        if (other === 'max') this.know(isAtMost(a.unknown, b.unknown))
        else this.know(isAtMost(b.unknown, a.unknown))
      }
      if (one !== 'distinct' && other === 'distinct') this.know(needs(a.unknown, b.unknown, SOME))
    }
    // Windows that end now end with the same event.
    if (one !== 'last' || other !== 'last' || a.unknown > b.unknown) return
    if (a.scope.as !== b.scope.as || !isEqual(a.scope.where, b.scope.where)) return
    if (endsNow(a.scope) && endsNow(b.scope)) this.know(areSame(a.unknown, b.unknown))
  }

  private relateSessions(): void {
    const limited = this.sessions.slice(0, RELATED)
    for (const a of limited)
      for (const b of limited) {
        if (a === b || a.fact.fact !== b.fact.fact) continue
        if (!isEqual(a.scope.where, b.scope.where)) continue
        const [gap, wider] = [exactLength(a.fact.gap)!, exactLength(b.fact.gap)!]
        const sameGap = gap === wider
        if (a.scope === b.scope) {
          // Wider gaps join sessions, and count the time between them.
          if (gap > wider && a.fact.fact === 'sessions') this.know(isAtMost(a.unknown, b.unknown))
          continue
        }
        if (!sameGap || a.fact.fact !== 'sessions' || !this.isPartOrSame(a.scope, b.scope)) continue
        if (unitOf(a.scope.within)?.back !== 1) this.know(isAtMost(a.unknown, b.unknown))
      }
  }

  private relateStreaks(): void {
    const limited = this.streaks.slice(0, RELATED)
    for (const a of limited) {
      const { times = 1, freezes = 0, unit } = a.fact
      this.know(isAtMost(a.unknown, a.scope.count, times))
      const calendar = this.calendarOf(a.fact)
      for (const scope of this.scopes.values()) {
        if (scope.event !== a.scope.event || scope.as !== a.scope.as || scope.since !== undefined) continue
        const running = unitOf(scope.within)
        if (running === undefined || running.unit !== unit || running.back !== 0) continue
        if (!isEqual(scope.calendar, calendar)) continue
        if (this.numbering.implies(scope.fields, scope.where, a.scope.where))
          this.know(follows(scope.count, values([times, Infinity]), a.unknown, SOME))
      }
      for (const elapsed of this.elapsed.values()) {
        if (elapsed.scope.event !== a.scope.event || elapsed.scope.as !== a.scope.as) continue
        if (!this.numbering.implies(a.scope.fields, a.scope.where, elapsed.scope.where)) continue
        const last = unitsLast(unit, freezes + 2, calendar)
        for (const mark of elapsed.marks.values())
          if (lastsAtLeast(mark.length, last)) this.know(follows(a.unknown, SOME, mark.unknown, NO))
      }
      for (const b of limited) {
        if (a === b || b.fact.unit !== unit || freezes > 0) continue
        if (a.scope.event !== b.scope.event || a.scope.as !== b.scope.as) continue
        if (!isEqual(calendar, this.calendarOf(b.fact))) continue
        if (times < (b.fact.times ?? 1)) continue
        if (this.numbering.implies(a.scope.fields, a.scope.where, b.scope.where))
          this.know(isAtMost(a.unknown, b.unknown))
      }
    }
  }

  private relateSequences(): void {
    const limited = this.sequences.slice(0, RELATED)
    const rest = ({ within: _, calendar: __, ...fact }: Kind<'sequence'>) => canonical(fact)
    for (const a of limited)
      for (const b of limited) {
        if (a === b || rest(a.fact) !== rest(b.fact)) continue
        if (unitOf(a.fact.within) || unitOf(b.fact.within)) continue
        const calendar = (fact: Kind<'sequence'>) => this.calendarOf(fact)
        const inside = isInside(
          { window: a.fact.within, calendar: calendar(a.fact) },
          { window: b.fact.within, calendar: calendar(b.fact) },
        )
        const sameDeadline = a.fact.inside === undefined || isEqual(calendar(a.fact), calendar(b.fact))
        if (inside && sameDeadline) this.know(isAtMost(a.unknown, b.unknown))
      }
  }

  private relateElapsed(): void {
    const limited = [...this.elapsed.values()].slice(0, RELATED)
    for (const a of limited) {
      if (this.full) return
      for (const b of limited) {
        if (a.scope.event !== b.scope.event || a.scope.as !== b.scope.as) continue
        if (a === b) this.relateMarks(a, b, undefined)
        else if (a.scope === b.scope) this.relateMarks(a, b, a.scope.count)
        else if (this.numbering.implies(a.scope.fields, a.scope.where, b.scope.where)) this.relateLater(a, b)
      }
      for (const scope of this.scopes.values()) this.relateWindow(a, scope)
    }
  }

  /** Who has waited so long has waited shorter; of two facts, where both count from the same event. */
  private relateMarks(a: Elapsed, b: Elapsed, same: number | undefined): void {
    const guard = same === undefined ? [] : ([[same, ZERO]] as const)
    for (const mark of a.marks.values())
      for (const earlier of b.marks.values()) {
        if (mark === earlier) continue
        const ordered = earlier.strict && !mark.strict ? isShorter : isNoLonger
        if (ordered(earlier.length, mark.length))
          this.know(oneOf(...guard, [mark.unknown, NO], [earlier.unknown, YES]))
      }
  }

  /** The last event of `b` came no earlier than that of `a`, where there is one. */
  private relateLater(a: Elapsed, b: Elapsed): void {
    for (const later of b.marks.values())
      for (const mark of a.marks.values()) {
        const reached = mark.strict && !later.strict ? isShorter : isOverBefore
        if (reached(mark.length, later.length))
          this.know(oneOf([a.scope.count, ZERO], [later.unknown, NO], [mark.unknown, YES]))
      }
  }

  /** What is in a window is as recent as that. */
  private relateWindow({ scope: all, marks }: Elapsed, scope: Scope): void {
    if (scope.event !== all.event || scope.as !== all.as || scope.within === undefined) return
    const span = spanOf(scope.within)
    const { calendar } = scope
    const reach = reachOf({ window: scope.within, calendar })!
    const among = this.numbering.implies(scope.fields, scope.where, all.where)
    const around = scope.since === undefined && this.numbering.implies(scope.fields, all.where, scope.where)
    for (const { length, strict, unknown } of marks.values()) {
      if (among && lastsAtLeast(length, reach)) this.know(follows(scope.count, SOME, unknown, NO))
      if (!around || span === undefined) continue
      const own: Length = { duration: span, calendar }
      if ((strict ? isShorter : isNoLonger)(length, own))
        this.know(oneOf([all.count, ZERO], [unknown, YES], [scope.count, SOME]))
    }
  }
}

const isEqual = (a: unknown, b: unknown): boolean => a === b || canonical({ a }) === canonical({ a: b })

/** Whether what happens last is in the window whenever anything is. */
const endsNow = ({ within: window, calendar }: Scope): boolean => {
  const span = spanOf(window)
  if (span !== undefined) return isSteady({ duration: span, calendar })
  return unitOf(window)?.back !== 1
}

/** A field of one value says it first, last, least and most. */
function areOneWhenDistinct(
  distinct: number,
  all: readonly { readonly scope: Scope; readonly fact: FieldFact; readonly unknown: number }[],
  scope: Scope,
  field: string,
): Relation {
  const facts = all.filter(
    (one) => one.scope === scope && one.fact.field === field && one.fact.fact !== 'distinct',
  )
  const relations = facts.flatMap((a, i) =>
    facts.slice(i + 1).map((b) => areSameWhen(distinct, points([0, 1]), a.unknown, b.unknown, false)),
  )
  return {
    among: [distinct, ...facts.map(({ unknown }) => unknown)],
    narrow(trial) {
      for (const relation of relations) relation.narrow(trial)
    },
  }
}

/** How many of the second unit each of the first has, at least and at most. */
const inUnits: { readonly [units: string]: readonly [number, number] } = {
  'years months': [12, 12],
  'years weeks': [52, 53],
  'years days': [365, 366],
  'months weeks': [4, 5],
  'months days': [28, 31],
  'weeks days': [7, 7],
}

type Share = readonly [numerator: bigint, denominator: bigint]

/** A share lies between two of those that matter; so does what is divided, between multiples of what divides. */
const between = (
  shares: readonly Share[],
  scale: bigint,
  share: number,
  of: number,
  to: number,
): Relation => ({
  among: [share, of, to],
  narrow(trial) {
    const hasNone = () => [share, of, to].some((one) => trial.get(one).spans.length === 0)
    const held = trial.get(share)
    if (held.none || hasNone()) return
    const above = shares[Math.floor((lowest(held) - 1) / 2)]
    const below = shares[Math.ceil((highest(held) - 1) / 2)]
    // An even rank lies strictly between.
    const beyond = lowest(held) % 2 === 0
    const short = highest(held) % 2 === 0
    if (above !== undefined && above[0] >= 0n) {
      const [numerator, denominator] = [above[0] * scale, above[1]]
      const product = BigInt(Math.max(1, lowest(trial.get(to)))) * numerator
      atLeast(trial, of, beyond ? product / denominator + 1n : upwards(product, denominator))
      const most = highest(trial.get(of))
      if (numerator > 0n && Number.isFinite(most)) {
        const whole = BigInt(most) * denominator
        atMost(trial, to, beyond ? upwards(whole, numerator) - 1n : whole / numerator)
      }
    }
    if (hasNone() || below === undefined || below[0] < 0n) return
    const [numerator, denominator] = [below[0] * scale, below[1]]
    const most = highest(trial.get(to))
    if (Number.isFinite(most)) {
      const product = BigInt(most) * numerator
      atMost(trial, of, short ? upwards(product, denominator) - 1n : product / denominator)
    }
    if (hasNone() || numerator === 0n) return
    const whole = BigInt(Math.max(0, lowest(trial.get(of)))) * denominator
    atLeast(trial, to, short ? whole / numerator + 1n : upwards(whole, numerator))
  },
})

const upwards = (a: bigint, b: bigint) => (a + b - 1n) / b
const atLeast = (trial: Trial, unknown: number, low: bigint) =>
  trial.keep(unknown, { none: true, spans: [[Number(low), Infinity]] })
const atMost = (trial: Trial, unknown: number, high: bigint) =>
  trial.keep(unknown, { none: true, spans: [[-Infinity, Number(high)]] })

const shareFrom = (operand: Operand): Share => {
  const { numerator, denominator } = parseRatio(operand as string, '$.value')
  return [BigInt(numerator), BigInt(denominator)]
}
const compareShares = (a: Share, b: Share): number => {
  const difference = a[0] * b[1] - b[0] * a[1]
  return difference > 0n ? 1 : difference < 0n ? -1 : 0
}
const inOrder = (shares: readonly Share[]): readonly Share[] =>
  shares
    .slice()
    .sort(compareShares)
    .filter((share, i, all) => i === 0 || compareShares(share, all[i - 1]!) !== 0)

/** Where a share stands among those that matter: odd on one of them, even between two. */
const rankOf = (shares: readonly Share[], share: Share): number =>
  2 * shares.findIndex((one) => compareShares(one, share) === 0) + 1

function amongShares(leaf: Comparison, shares: readonly Share[]): Values {
  const rank = (operand: Operand) => rankOf(shares, shareFrom(operand))
  const span = (low: number, high: number) => (low <= high ? values([low, high]) : values())
  switch (leaf.condition) {
    case 'gte':
      return span(rank(leaf.value), Infinity)
    case 'gt':
      return span(rank(leaf.value) + 1, Infinity)
    case 'lte':
      return span(-Infinity, rank(leaf.value))
    case 'lt':
      return span(-Infinity, rank(leaf.value) - 1)
    case 'between':
      return span(rank(leaf.low), rank(leaf.high))
    default:
      return values()
  }
}

/** What a comparison compares with. */
function operandsIn(leaf: Comparison): readonly Operand[] {
  if (leaf.condition === 'between') return [leaf.low, leaf.high]
  return leaf.condition === 'in' ? leaf.values : [leaf.value]
}

/** The comparisons of a condition. */
export function comparisonsIn(condition: Condition): readonly Comparison[] {
  if ('fact' in condition) return [condition]
  return condition.condition === 'not' ? comparisonsIn(condition.of) : condition.of.flatMap(comparisonsIn)
}
