import { checkName, fault } from '../kernel/errors.js'
import {
  type Calendar,
  type CalendarUnit,
  checkDuration,
  type Duration,
  type Instant,
  type Sorted,
  type SortedOrder,
} from '../kernel/index.js'
import { after, first, get, insert, items, remove, sumThrough } from '../kernel/sorted.js'
import { checkWindow, endOfUnit } from '../kernel/window.js'

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

/** What a posting counts towards: the cap, and until when it counts; no `until` for a cap per event. */
export interface Counted {
  readonly cap: string
  readonly until?: Instant
  /** Whether what is taken back makes room again. */
  readonly returns?: true
}

/** Points that count until an instant. */
export interface Use {
  readonly until: Instant
  readonly points: number
}

/** And towards which cap. */
export interface CapUse extends Use {
  readonly cap: string
}

/** An origin of which points wait for room, in the order in which they began to. */
export interface Waiter {
  readonly n: number
  readonly origin: string
}

/** What limits remember of one account. */
export interface Limits {
  /** By cap. */
  readonly used: { readonly [cap: string]: Sorted<Use, number> | null }
  /** Of this instant: what events were paid that a cap looks at one by one. */
  readonly events: readonly { readonly cap: string; readonly event: string; readonly points: number }[]
  readonly eventsAt: Instant | null
  /** By rule. */
  readonly waiting: { readonly [rule: string]: Sorted<Waiter, number> | null }
  readonly waiters: number
  /** How many ever waited. */
  readonly queued: number
  /** By rule: until when it does not pay again. */
  readonly rests: { readonly [rule: string]: Instant }
}

export const noLimits: Limits = {
  used: {},
  events: [],
  eventsAt: null,
  waiting: {},
  waiters: 0,
  queued: 0,
  rests: {},
}

/** Of so many origins points can wait at once; what comes beyond is lost. */
export const WAITERS = 500
/** Later than every instant: what counts for ever. */
const NEVER = Number.MAX_SAFE_INTEGER
const OVERFLOWS: readonly Overflow[] = ['truncate', 'refuse', 'carry']

const usesBy: SortedOrder<Use, number> = {
  key: ({ until }) => until,
  compare: (a, b) => a - b,
  amount: ({ points }) => points,
}
const waitersBy: SortedOrder<Waiter, number> = {
  key: ({ n }) => n,
  compare: (a, b) => a - b,
  amount: () => 0,
}

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

/** Limits after a payment. */
export function withCounted(
  limits: Limits,
  counts: readonly Counted[],
  points: number,
  event: string | undefined,
  at: Instant,
): Limits {
  if (points === 0) return limits
  let { used, events, eventsAt } = limits
  for (const { cap, until } of counts) {
    if (until !== undefined) {
      // What no longer counts goes when the next payment comes.
      const live = after(usesBy, used[cap] ?? null, at)
      used = { ...used, [cap]: insert(usesBy, live, { until, points }, together) }
    } else if (event !== undefined) {
      events = eventsAt === at ? [...events, { cap, event, points }] : [{ cap, event, points }]
      eventsAt = at
    }
  }
  return { ...limits, used, events, eventsAt }
}

const together = (old: Use, { points }: Use): Use => ({ until: old.until, points: old.points + points })

/** Limits after points were taken back that make room again. */
export function withRoomBack(limits: Limits, returned: readonly CapUse[]): Limits {
  let { used } = limits
  for (const { cap, until, points } of returned) {
    const tree = used[cap] ?? null
    const known = get(usesBy, tree, until)
    if (known === undefined) continue
    const rest = Math.max(0, known.points - points)
    used = {
      ...used,
      [cap]: rest === 0 ? remove(usesBy, tree, until) : insert(usesBy, tree, { until, points: rest }),
    }
  }
  return used === limits.used ? limits : { ...limits, used }
}

/** Limits when an origin begins to wait under a rule. */
export function withWaiter(limits: Limits, rule: string, origin: string): Limits {
  const { waiting, waiters, queued } = limits
  const queue = insert(waitersBy, waiting[rule] ?? null, { n: queued, origin })
  return { ...limits, waiting: { ...waiting, [rule]: queue }, waiters: waiters + 1, queued: queued + 1 }
}

/** Limits when an origin waits no more. */
export function withoutWaiter(limits: Limits, rule: string, origin: string): Limits {
  const { waiting, waiters } = limits
  const tree = waiting[rule] ?? null
  // Most often it is the first; there are `WAITERS` of them at most.
  for (const one of items(waitersBy, tree)) {
    if (one.origin !== origin) continue
    const queue = remove(waitersBy, tree, one.n)
    return { ...limits, waiting: { ...waiting, [rule]: queue }, waiters: waiters - 1 }
  }
  return limits
}

/** The origin that waits first under a rule. */
export const nextWaiter = ({ waiting }: Limits, rule: string): Waiter | undefined =>
  first(waiting[rule] ?? null)

/** What an origin counts towards that makes room again, after more of it was paid. */
export function withUses(
  uses: readonly CapUse[],
  counts: readonly Counted[],
  points: number,
): readonly CapUse[] {
  const next = [...uses]
  for (const { cap, until, returns } of counts) {
    if (returns === undefined || until === undefined) continue
    const at = next.findIndex((one) => one.cap === cap && one.until === until)
    if (at < 0) next.push({ cap, until, points })
    else next[at] = { cap, until, points: next[at]!.points + points }
  }
  return next
}

/** Where points that are taken back make room again: of each cap what still counts, paid last first. */
export function returnedOf(uses: readonly CapUse[], points: number, at: Instant): readonly CapUse[] {
  const left = new Map<string, number>()
  const returned: CapUse[] = []
  for (let i = uses.length - 1; i >= 0; i--) {
    const { cap, until, points: counted } = uses[i]!
    const open = left.get(cap) ?? points
    const part = Math.min(open, counted)
    left.set(cap, open - part)
    if (part > 0 && until > at) returned.push({ cap, until, points: part })
  }
  return returned
}

/** What an origin counts towards after some of it was taken back. */
export const withoutUses = (uses: readonly CapUse[], returned: readonly CapUse[]): readonly CapUse[] =>
  uses.flatMap((use) => {
    const back = returned.find(({ cap, until }) => cap === use.cap && until === use.until)?.points ?? 0
    return use.points > back ? [{ ...use, points: use.points - back }] : []
  })

/** The limits with every text that came from outside replaced. */
export function renameLimits(limits: Limits, rename: (text: string) => string): Limits {
  const waiting = Object.fromEntries(
    Object.entries(limits.waiting).map(([rule, queue]) => {
      let renamed: Sorted<Waiter, number> | null = null
      for (const { n, origin } of items(waitersBy, queue))
        renamed = insert(waitersBy, renamed, { n, origin: rename(origin) })
      return [rule, renamed]
    }),
  )
  const events = limits.events.map((one) => ({ ...one, event: rename(one.event) }))
  return { ...limits, events, waiting }
}
