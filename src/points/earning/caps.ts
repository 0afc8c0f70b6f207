import { checkName, checkOwnName, fault } from '../../kernel/errors.js'
import {
  type Calendar,
  type CalendarUnit,
  checkDuration,
  type Duration,
  type Instant,
} from '../../kernel/index.js'
import { items, sumThrough } from '../../kernel/sorted.js'
import { checkWindow, endOfUnit } from '../../kernel/window.js'
import { type Counted, type Limits, usesBy } from './limits.js'

/**
 * What becomes of points over a cap. `truncate` pays what there is room for, and the rest is lost. `refuse` pays an event
 * whole or not at all. `carry` pays the rest when the window has room again.
 */
export type Overflow = 'truncate' | 'refuse' | 'carry'

/** What a cap counts over: one event, a unit of the calendar, a span that rolls, or everything. */
export type CapPeriod = 'event' | { readonly this: CalendarUnit } | Duration | 'ever'

/** At most so many points, of some rules or of all that earn in its currency. */
export interface CapDefinition<R extends string = string, C extends string = string> {
  /** Names the cap in events, states and explanations. */
  readonly cap: string
  /** All that earn in the currency unless told. */
  readonly rules?: readonly R[]
  /** The first currency unless told. */
  readonly in?: C
  readonly atMost: number
  readonly per: CapPeriod
  readonly overflow: Overflow
  /** Whether points that are taken back make room again; they do not unless told. */
  readonly returns?: boolean
}

/** Where a cap cut what an event would have earned. */
export interface CapReason {
  readonly code: 'capped' | 'refused-by-cap' | 'waits-for-cap' | 'too-many-wait' | 'balance-capped'
  /** None for the bound of a balance. */
  readonly cap?: string
  readonly atMost: number
  /** What there was to pay, and what was paid of it. */
  readonly from: number
  readonly to: number
}

/** Later than every instant: what counts for ever. */
const NEVER = Number.MAX_SAFE_INTEGER
const OVERFLOWS: readonly Overflow[] = ['truncate', 'refuse', 'carry']

/** @throws DefinitionError where a cap names what there is not, or could never do what it says. */
export function checkCaps(
  caps: readonly CapDefinition[],
  currencies: readonly string[],
  currencyOf: ReadonlyMap<string, string>,
  calendar: Calendar,
): void {
  for (const [i, { cap, rules, in: currency, atMost, per, overflow, returns }] of caps.entries()) {
    const path = `$.caps[${i}]`
    if (typeof cap !== 'string' || cap === '') throw fault('wrong-type', `${path}.cap`, cap, 'a name')
    checkOwnName(cap, `${path}.cap`)
    if (caps.findIndex((one) => one.cap === cap) !== i)
      throw fault('duplicate-name', `${path}.cap`, cap, 'each cap once')
    if (currency !== undefined) checkName(currencies, currency, `${path}.in`)
    for (const [k, rule] of (rules ?? []).entries()) {
      checkName([...currencyOf.keys()], rule, `${path}.rules[${k}]`)
      if (currencyOf.get(rule) !== (currency ?? currencies[0]))
        throw fault(
          'currency-mismatch',
          `${path}.rules[${k}]`,
          rule,
          `rules that earn in ${currency ?? currencies[0]}`,
        )
    }
    if (!(Number.isSafeInteger(atMost) && atMost >= 0))
      throw fault('out-of-range', `${path}.atMost`, atMost, 'a whole number of points, 0 or more')
    checkName(OVERFLOWS, overflow, `${path}.overflow`)
    const passes = per !== 'event' && per !== 'ever'
    if (overflow === 'carry' && !passes)
      throw fault(
        'out-of-range',
        `${path}.overflow`,
        overflow,
        'a period that ends, for points that wait for room',
      )
    if (overflow === 'carry' && atMost === 0)
      throw fault('out-of-range', `${path}.atMost`, atMost, '1 or more, where points wait for room')
    if (returns === true && per === 'event')
      throw fault('out-of-range', `${path}.returns`, returns, 'a period longer than an event')
    if (!passes) continue
    checkWindow(per, `${path}.per`)
    if ('previous' in per) throw fault('unknown-key', `${path}.per`, per, 'this unit, or a duration')
    if ('this' in per) calendar.startOf(per.this, 0)
    else if (calendar.add(0, checkDuration(per, `${path}.per`)) <= 0)
      throw fault('invalid-duration', `${path}.per`, per, 'a duration that is not nothing')
  }
}

/** A cap, compiled. */
export interface Cap extends Pick<CapDefinition, 'cap' | 'atMost' | 'overflow'> {
  /** None for a cap per event. */
  readonly until?: (at: Instant) => Instant
  readonly returns: boolean
}

/** The caps of a rule, in the order in which they apply: those per event first. */
export function compileCaps(
  caps: readonly CapDefinition[],
  rule: string,
  currency: string,
  first: string,
  zone: Calendar,
): readonly Cap[] {
  const covering = caps
    .filter(({ rules, in: of = first }) => (rules === undefined ? of === currency : rules.includes(rule)))
    .map(({ cap, atMost, per, overflow, returns = false }): Cap => {
      const plain = { cap, atMost, overflow, returns }
      if (per === 'event') return plain
      if (per === 'ever') return { ...plain, until: () => NEVER }
      if ('this' in per) return { ...plain, until: (at) => endOfUnit(zone, per.this as CalendarUnit, at) }
      return { ...plain, until: zone.adder(per) }
    })
  return [
    ...covering.filter(({ until }) => until === undefined),
    ...covering.filter(({ until }) => until !== undefined),
  ]
}

/** How much a cap still takes of an event at an instant. */
function roomIn({ cap, atMost, until }: Cap, limits: Limits, event: string | undefined, at: Instant): number {
  let used = 0
  if (until === undefined) {
    // What waited was looked at when its event came.
    if (event === undefined) return Number.MAX_SAFE_INTEGER
    if (limits.eventsAt === at)
      for (const one of limits.events) if (one.cap === cap && one.event === event) used += one.points
  } else {
    const tree = limits.used[cap] ?? null
    if (tree !== null) used = tree.sum - sumThrough(usesBy, tree, at)
  }
  return Math.max(0, atMost - used)
}

/** What caps leave of some points: what is paid now, what waits, and why. */
export interface Capped {
  readonly paid: number
  readonly waits: number
  /** Whether a cap that pays whole events or none has refused it. */
  readonly isRefused: boolean
  readonly reasons: readonly CapReason[]
}

/**
 * Passes points through the caps of a rule: those that cut or refuse, in their order, then the bound of the balance, then
 * those that let the rest wait. What is lost is lost before anything waits.
 */
export function passCaps(
  caps: readonly Cap[],
  limits: Limits,
  points: number,
  {
    event,
    at,
    bound,
    mayWait,
  }: {
    /** None for points that had waited. */
    readonly event?: string
    readonly at: Instant
    /** How much the balance takes, and at most holds. */
    readonly bound?: { readonly room: number; readonly atMost: number }
    readonly mayWait: boolean
  },
): Capped {
  const reasons: CapReason[] = []
  let left = points
  let isRefused = false
  for (const one of caps) {
    if (one.overflow === 'carry') continue
    const room = roomIn(one, limits, event, at)
    if (left <= room) continue
    const { cap, atMost } = one
    isRefused = one.overflow === 'refuse'
    const to = isRefused ? 0 : room
    reasons.push({ code: isRefused ? 'refused-by-cap' : 'capped', cap, atMost, from: left, to })
    left = to
    if (isRefused) return { paid: 0, waits: 0, isRefused, reasons }
  }
  if (bound !== undefined && left > bound.room) {
    reasons.push({ code: 'balance-capped', atMost: bound.atMost, from: left, to: bound.room })
    left = bound.room
  }
  let paid = left
  for (const one of caps) {
    if (one.overflow !== 'carry') continue
    const room = roomIn(one, limits, event, at)
    if (paid <= room) continue
    const { cap, atMost } = one
    reasons.push({ code: mayWait ? 'waits-for-cap' : 'too-many-wait', cap, atMost, from: paid, to: room })
    paid = room
  }
  return { paid, waits: mayWait ? left - paid : 0, isRefused, reasons }
}

/** What a payment at an instant counts towards. */
export const countedIn = (caps: readonly Cap[], at: Instant): readonly Counted[] =>
  caps.map(({ cap, until, returns }): Counted => {
    if (until === undefined) return { cap }
    return returns ? { cap, until: until(at), returns } : { cap, until: until(at) }
  })

/** Since when, or from when on, all caps under which points may wait have room; later than every instant where that is never. */
export function roomFrom(caps: readonly Cap[], { used }: Limits, at: Instant): Instant {
  let from = at
  for (const { cap, atMost, overflow } of caps) {
    const tree = used[cap] ?? null
    if (overflow !== 'carry' || tree === null) continue
    let live = tree.sum - sumThrough(usesBy, tree, at)
    if (live < atMost) continue
    for (const { until, points } of items(usesBy, tree, at)) {
      live -= points
      if (live >= atMost) continue
      from = Math.max(from, until)
      break
    }
  }
  return from
}
